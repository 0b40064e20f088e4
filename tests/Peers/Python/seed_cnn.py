"""The seed CNN in Debian's PyTorch: times training steps on request. Adam, all cores.

Argument: the batch size, 32 by default. Lines in: `steps N`, `threads`. Lines out: seconds a step, a number.
"""
import sys

import torch
from torch import nn

from turns import serve

BATCH = int(sys.argv[1]) if len(sys.argv) > 1 else 32
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

serve(model, optimizer, loss, x, y)
