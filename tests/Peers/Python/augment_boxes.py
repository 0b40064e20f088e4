"""Augmentation of images with boxes on Pillow and torchvision 0.14, which moves images alone: boxes are moved by NumPy as its references do.

Argument: annotations in COCO's format. Lines in: `boxes N` (decoded images to augmented targets). Lines out: seconds an image.
"""
import json
import math
import os
import random
import sys
import time

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

SIZE = 320
random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(1)
with open(sys.argv[1], encoding="utf-8") as file:
    coco = json.load(file)
of_image = {image["id"]: [] for image in coco["images"]}
for annotation in coco["annotations"]:
    left, top, width, height = annotation["bbox"]
    of_image[annotation["image_id"]].append((left, top, left + width, top + height))
folder = os.path.dirname(sys.argv[1])
decoded = [Image.open(os.path.join(folder, image["file_name"])).convert("RGB") for image in coco["images"]]
labels = [numpy.array(of_image[image["id"]], numpy.float32).reshape(-1, 4) for image in coco["images"]]
jitter = transforms.ColorJitter(brightness=0.4, saturation=0.7, hue=0.015)


def move(boxes, scale, x, y):
    return boxes * numpy.array(scale * 2, numpy.float32) + numpy.array((x, y) * 2, numpy.float32)


def clip(boxes, width, height, least):
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
    boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
    return boxes[(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) >= least * area]


def augment(image, boxes):
    width, height = image.size
    boxes = boxes.copy()
    if random.random() < 0.5:
        image = functional.hflip(image)
        boxes[:, [0, 2]] = width - boxes[:, [2, 0]]
    scale = random.uniform(0.5, 1.5)
    x, y = random.uniform(-0.1, 0.1) * width, random.uniform(-0.1, 0.1) * height
    image = functional.affine(
        image, 0, (x, y), scale, (0.0, 0.0), functional.InterpolationMode.BILINEAR, fill=(114, 114, 114))
    boxes = clip(move(boxes, (scale, scale), (1 - scale) * width / 2 + x, (1 - scale) * height / 2 + y), width, height, 0.25)
    fit = min(SIZE / width, SIZE / height)
    new_width, new_height = math.floor(width * fit), math.floor(height * fit)
    left, top = (SIZE - new_width) // 2, (SIZE - new_height) // 2
    canvas = Image.new("RGB", (SIZE, SIZE), (114, 114, 114))
    canvas.paste(image.resize((new_width, new_height), Image.BILINEAR), (left, top))
    boxes = move(boxes, (new_width / width, new_height / height), left, top)
    return numpy.asarray(jitter(canvas)), boxes


for line in sys.stdin:
    _, count = line.split()
    count = int(count)
    started = time.perf_counter()
    for i in range(count):
        augment(decoded[i % len(decoded)], labels[i % len(decoded)])
    print((time.perf_counter() - started) / count, flush=True)
