"""An ONNX graph as PyTorch code: each node is the PyTorch function that a person would write for it, bound once, and run eagerly in turn.

What depends on constants alone is computed once, as buffers of a module would be. Values are let go after their last use, as locals are.
BatchNormalization takes the batch's statistics and updates the running ones.
"""
import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

OPERATORS = {}
TYPES = {1: torch.float32, 2: torch.uint8, 6: torch.int32, 7: torch.int64, 9: torch.bool, 11: torch.float64}


def operator(function):
    OPERATORS[function.__name__] = function
    return function


def simple(**functions):
    for name, function in functions.items():
        OPERATORS[name] = lambda attributes, function=function: function


simple(
    Add=torch.add, Sub=torch.sub, Mul=torch.mul, Div=torch.div, Pow=torch.pow, Sqrt=torch.sqrt, Exp=torch.exp, Log=torch.log,
    Abs=torch.abs, Neg=torch.neg, Sigmoid=torch.sigmoid, Relu=torch.relu, Softplus=F.softplus, Atan=torch.atan, Round=torch.round,
    Floor=torch.floor, Tanh=torch.tanh, Equal=torch.eq, Greater=torch.gt, GreaterOrEqual=torch.ge, Less=torch.lt,
    LessOrEqual=torch.le, And=torch.logical_and, Or=torch.logical_or, Not=torch.logical_not, Where=torch.where, MatMul=torch.matmul,
    Identity=lambda x: x, Reciprocal=torch.reciprocal, Sign=torch.sign)


def folded(function):
    def many(*values):
        result = values[0]
        for value in values[1:]:
            result = function(result, value)
        return result
    return many


simple(Max=folded(torch.maximum), Min=folded(torch.minimum), Sum=folded(torch.add))


def ints(tensor):
    return [int(value) for value in tensor]


@operator
def Conv(a):
    strides, pads, groups = a.get("strides", [1, 1]), a.get("pads", [0, 0, 0, 0]), a.get("group", 1)
    dilations = a.get("dilations", [1, 1])
    if pads[:2] == pads[2:]:
        return lambda x, w, b=None: F.conv2d(x, w, b, strides, pads[:2], dilations, groups)
    around = [pads[1], pads[3], pads[0], pads[2]]
    return lambda x, w, b=None: F.conv2d(F.pad(x, around), w, b, strides, 0, dilations, groups)


@operator
def BatchNormalization(a):
    eps, momentum = a.get("epsilon", 1e-5), 1 - a.get("momentum", 0.9)
    return lambda x, w, b, mean, var: F.batch_norm(x, mean, var, w, b, True, momentum, eps)


@operator
def Clip(a):
    return lambda x, low=None, high=None: torch.clamp(x, None if low is None else float(low), None if high is None else float(high))


@operator
def Concat(a):
    return lambda *values: torch.cat(values, a["axis"])


@operator
def Reshape(a):
    def reshape(x, shape):
        sizes = [x.shape[i] if size == 0 else size for i, size in enumerate(ints(shape))]
        return x.reshape(sizes)
    return reshape


@operator
def Flatten(a):
    return lambda x: x.flatten(a.get("axis", 1))


@operator
def Transpose(a):
    return lambda x: x.permute(a["perm"])


@operator
def Unsqueeze(a):
    def unsqueeze(x, axes):
        for axis in sorted(ints(axes)):
            x = x.unsqueeze(axis)
        return x
    return unsqueeze


@operator
def Squeeze(a):
    def squeeze(x, axes):
        for axis in sorted(ints(axes), reverse=True):
            x = x.squeeze(axis)
        return x
    return squeeze


@operator
def Expand(a):
    return lambda x, shape: x * torch.ones(ints(shape), dtype=x.dtype) if x.dtype != torch.bool else x | torch.zeros(ints(shape), dtype=torch.bool)


@operator
def Slice(a):
    def cut(x, starts, ends, axes=None, steps=None):
        places = [slice(None)] * x.dim()
        axes = range(len(starts)) if axes is None else ints(axes)
        steps = [1] * len(starts) if steps is None else ints(steps)
        for start, end, axis, step in zip(ints(starts), ints(ends), axes, steps):
            places[axis] = slice(start, min(end, 2**31), step)
        return x[tuple(places)]
    return cut


@operator
def Split(a):
    return lambda x, sizes=None: torch.split(x, ints(sizes) if sizes is not None else x.shape[a["axis"]] // a["num_outputs"], a.get("axis", 0))


@operator
def Gather(a):
    axis = a.get("axis", 0)

    def gather(x, index):
        if index.dim() == 0:
            return x.select(axis, int(index))
        return torch.index_select(x, axis, index.reshape(-1)).reshape([*x.shape[:axis], *index.shape, *x.shape[axis + 1:]])
    return gather


@operator
def GatherElements(a):
    return lambda x, index: torch.gather(x, a.get("axis", 0), index)


@operator
def OneHot(a):
    axis = a.get("axis", -1)

    def one_hot(index, depth, values):
        hot = F.one_hot(index.long() % int(depth), int(depth)).to(values.dtype) * (values[1] - values[0]) + values[0]
        return hot if axis == -1 else hot.movedim(-1, axis)
    return one_hot


@operator
def TopK(a):
    return lambda x, k: torch.topk(x, int(k), a.get("axis", -1), bool(a.get("largest", 1)), bool(a.get("sorted", 1)))


@operator
def Cast(a):
    return lambda x: x.to(TYPES[a["to"]])


@operator
def Resize(a):
    mode = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic"}[a.get("mode", b"nearest").decode()]

    def resize(x, roi=None, scales=None, sizes=None):
        size = ints(sizes)[2:] if sizes is not None else [int(side * float(scale)) for side, scale in zip(x.shape[2:], scales[2:])]
        return F.interpolate(x, size, mode=mode, **({} if mode == "nearest" else {"align_corners": False}))
    return resize


@operator
def MaxPool(a):
    return lambda x: F.max_pool2d(x, a["kernel_shape"], a.get("strides"), a.get("pads", [0, 0])[:2])


@operator
def GlobalAveragePool(a):
    return lambda x: x.mean([2, 3], keepdim=True)


@operator
def Softmax(a):
    return lambda x: torch.softmax(x, a.get("axis", -1))


@operator
def LogSoftmax(a):
    return lambda x: torch.log_softmax(x, a.get("axis", -1))


@operator
def ArgMax(a):
    return lambda x: x.argmax(a.get("axis", 0), keepdim=bool(a.get("keepdims", 1)))


def reduction(function):
    def bind(a):
        keep = bool(a.get("keepdims", 1))
        return lambda x, axes=None: function(x, ints(axes) if axes is not None else list(range(x.dim())), keep)
    return bind


OPERATORS["ReduceSum"] = reduction(lambda x, axes, keep: x.sum(axes, keep))
OPERATORS["ReduceMean"] = reduction(lambda x, axes, keep: x.mean(axes, keep))
OPERATORS["ReduceMax"] = reduction(lambda x, axes, keep: torch.amax(x, axes, keep))
OPERATORS["ReduceMin"] = reduction(lambda x, axes, keep: torch.amin(x, axes, keep))


class Graph:
    """A graph with parameters."""

    def __init__(self, path, parameters):
        graph = onnx.load(path).graph
        self.values = {}
        for tensor in graph.initializer:
            value = torch.from_numpy(numpy.array(numpy_helper.to_array(tensor)))
            self.values[tensor.name] = value.requires_grad_() if tensor.name in parameters else value
        self.output = graph.output[0].name
        running = {name for node in graph.node if node.op_type == "BatchNormalization" for name in node.input[3:5]}
        constants = set(self.values) - set(parameters) - running
        self.nodes = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant":
                self.values[node.output[0]] = torch.from_numpy(numpy.array(numpy_helper.to_array(attributes["value"])))
                constants.add(node.output[0])
                continue
            if node.op_type not in OPERATORS:
                raise NotImplementedError(f"{node.op_type}, of the node '{node.name}'")
            function = OPERATORS[node.op_type](attributes)
            if node.op_type not in ("BatchNormalization",) and all(name in constants or not name for name in node.input):
                with torch.no_grad():
                    self.store(self.values, node.output, function(*[self.values.get(name) for name in node.input]))
                constants.update(node.output)
                continue
            self.nodes.append((function, list(node.input), list(node.output)))
        last = {}
        for i, (_, inputs, _) in enumerate(self.nodes):
            for name in inputs:
                last[name] = i
        self.dropped = [[] for _ in self.nodes]
        for name, i in last.items():
            if name not in self.values and name != self.output:
                self.dropped[i].append(name)

    @staticmethod
    def store(values, names, result):
        if len(names) == 1 and torch.is_tensor(result):
            values[names[0]] = result
        else:
            for name, value in zip(names, result):
                values[name] = value

    def __call__(self, inputs):
        values = {**self.values, **inputs}
        for (function, names, outputs), dropped in zip(self.nodes, self.dropped):
            self.store(values, outputs, function(*[values[name] if name else None for name in names]))
            for name in dropped:
                values.pop(name, None)
        return values[self.output]
