"""The seed CNN in Debian's PyTorch: times training steps on request. Adam, all cores.

Argument: the batch size, 32 by default. Lines in: `steps N`, `threads`. Lines out: seconds a step, a number.
"""
import os
import sys
import time

import torch
from torch import nn

BATCH = int(sys.argv[1]) if len(sys.argv) > 1 else 32
# By itself this build takes one thread on a machine of two cores; with both it is faster.
torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3), nn.ReLU(),
    nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss = nn.CrossEntropyLoss()
x = torch.randn(BATCH, 3, 32, 32)
y = torch.randint(0, 10, (BATCH,))


def step():
    optimizer.zero_grad()
    value = loss(model(x), y)
    value.backward()
    optimizer.step()
    return value.item()


for line in sys.stdin:
    command, *arguments = line.split()
    if command == "threads":
        print(torch.get_num_threads(), flush=True)
    elif command == "steps":
        count = int(arguments[0])
        started = time.perf_counter()
        for _ in range(count):
            step()
        print((time.perf_counter() - started) / count, flush=True)
