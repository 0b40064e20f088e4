"""torchvision's ResNet-18 in Debian's PyTorch: exports it as ONNX, then times training steps on request.

Lines in: `export PATH`, `steps N`, `threads`. Lines out: `ok`, seconds a step, a number.
"""
import warnings

import torch
import torchvision

from turns import serve

BATCH, SIZE = 16, 224
warnings.simplefilter("ignore")
torch.manual_seed(0)
model = torchvision.models.resnet18(weights=None, num_classes=10).train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
loss = torch.nn.CrossEntropyLoss()
x = torch.randn(BATCH, 3, SIZE, SIZE)
y = torch.randint(0, 10, (BATCH,))


def export(path):
    torch.onnx.export(
        model, x, path, opset_version=14, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
        input_names=["input"], output_names=["logits"], dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}})


serve(model, optimizer, loss, x, y, export=export)
