"""torchvision's augmentation on Pillow, as its ImageNet recipe has it: times it on request, on one core.

Arguments: the image files. Lines in: `full N` (file to normalized tensor), `alone N` (decoded image to image). Lines out: seconds an image.
"""
import sys
import time

import torch
from PIL import Image
from torchvision import transforms

torch.set_num_threads(1)
torch.manual_seed(0)
files = sys.argv[1:]
augment = transforms.Compose([
    transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)])
to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])
decoded = [Image.open(file).convert("RGB") for file in files]

for line in sys.stdin:
    command, count = line.split()
    count = int(count)
    started = time.perf_counter()
    for i in range(count):
        if command == "full":
            to_tensor(augment(Image.open(files[i % len(files)]).convert("RGB")))
        else:
            augment(decoded[i % len(files)])
    print((time.perf_counter() - started) / count, flush=True)
