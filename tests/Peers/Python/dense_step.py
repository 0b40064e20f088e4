"""A training step of a graph that ends in its loss, in Debian's PyTorch, AdamW, all cores.

Argument: a folder with graph.onnx, step.json and the inputs. Lines in: `loss` (a step), `steps N`, `threads`. Lines out: the mean loss
before the update, seconds a step, a number.
"""
import json
import os
import sys

import numpy
import torch

from onnx_step import Graph
from turns import serve

folder = sys.argv[1]
with open(os.path.join(folder, "step.json")) as file:
    step = json.load(file)
graph = Graph(os.path.join(folder, "graph.onnx"), {parameter["name"] for parameter in step["parameters"]})
inputs = {
    one["name"]: torch.from_numpy(numpy.fromfile(os.path.join(folder, one["file"]), numpy.float32).reshape(one["shape"]))
    for one in step["inputs"]}
optimizer = torch.optim.AdamW([
    {"params": [graph.values[parameter["name"]]], "lr": parameter["rate"], "weight_decay": parameter["decay"]}
    for parameter in step["parameters"]])


def first_value(output, _):
    return output[:, 0].mean()


def loss():
    optimizer.zero_grad()
    value = first_value(graph(inputs), None)
    value.backward()
    optimizer.step()
    return value.item()


serve(graph, optimizer, first_value, inputs, None, answers={"loss": loss})
