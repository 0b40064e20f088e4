"""torchvision's ResNet-18 in Debian's PyTorch: exports it as ONNX, then times training steps on request.

Lines in: `export PATH`, `steps N`, `threads`. Lines out: `ok`, seconds a step, a number.
"""
import os
import sys
import time
import warnings

import torch
import torchvision

BATCH, SIZE = 16, 224
warnings.simplefilter("ignore")
# By itself this build takes one thread on a machine of two cores; with both it is faster.
torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(0)
model = torchvision.models.resnet18(weights=None, num_classes=10).train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
loss = torch.nn.CrossEntropyLoss()
x = torch.randn(BATCH, 3, SIZE, SIZE)
y = torch.randint(0, 10, (BATCH,))


def step():
    optimizer.zero_grad()
    value = loss(model(x), y)
    value.backward()
    optimizer.step()
    return value.item()


for line in sys.stdin:
    command, *arguments = line.split()
    if command == "export":
        torch.onnx.export(
            model, x, arguments[0], opset_version=14, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
            input_names=["input"], output_names=["logits"], dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}})
        print("ok", flush=True)
    elif command == "threads":
        print(torch.get_num_threads(), flush=True)
    elif command == "steps":
        count = int(arguments[0])
        started = time.perf_counter()
        for _ in range(count):
            step()
        print((time.perf_counter() - started) / count, flush=True)
