"""A network of the ONNX model zoo, walked node by node in PyTorch: an implementation that nobody here wrote.

The files of the ONNX project's backend tests (onnx/backend/test/data/light) have the zoo's graphs and no
weights. A convolution, a normalization and a fully connected layer become modules that are called as Caffe's
layers, with dots for their slashes; the Mul and Add behind each normalization, Caffe's Scale, are its factors
and offsets. Concats are called concat.0, concat.1, …
"""

import onnx
import torch
from onnx import numpy_helper
from torch import nn


class ZooNetwork(nn.Module):
    def __init__(self, file):
        super().__init__()
        graph = onnx.load(file).graph
        stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        # By parameter its shape: of most the file has nothing else.
        shapes = {name: list(values.shape) for name, values in stored.items()}
        shapes |= {n.output[0]: stored[n.input[0]].tolist() for n in graph.node if n.op_type == "ConstantOfShape"}
        self.output = graph.output[0].name
        self.input = next(i.name for i in graph.input if i.name.startswith("data"))
        self.concat = nn.ModuleList()
        self.steps = []
        for node in graph.node:
            if node.op_type in ("ConstantOfShape", "Unsqueeze"):
                continue
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            operands = [name for name in node.input if name not in shapes]
            self.steps.append((self.step(node, attributes, shapes), operands, node.output[0]))

    def named(self, path, module):
        """Registers a module by its dotted name, with plain modules on the way."""
        parent, _, name = path.rpartition(".")
        at = self
        for part in parent.split(".") if parent else []:
            if part not in at._modules:
                at.add_module(part, nn.Module())
            at = at._modules[part]
        at.add_module(name, module)
        return module

    def step(self, node, attributes, shapes):
        def layer(at, ending):
            assert node.input[at].endswith(ending), node.input[at]
            return node.input[at].removesuffix(ending).replace("/", ".")

        kernel, stride = attributes.get("kernel_shape"), attributes.get("strides")
        top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
        match node.op_type:
            case "Conv":
                assert len(node.input) == 2 and (top, left) == (bottom, right)
                n, channels, *_ = shapes[node.input[1]]
                conv = nn.Conv2d(channels, n, kernel, stride, (top, left), bias=False)
                return self.named(f"{layer(1, '_w_0')}.conv", conv)
            case "BatchNormalization":
                [channels] = shapes[node.input[1]]
                return self.named(layer(1, "_scale_0"), nn.BatchNorm2d(channels, eps=attributes["epsilon"]))
            case "Mul" | "Add":
                # The factors and offsets behind a normalization, which that has for its own.
                return lambda x, *_: x
            case "Relu":
                return torch.relu
            case "Concat":
                assert attributes["axis"] == 1
                self.concat.append(Joined())
                return self.concat[-1]
            case "MaxPool":
                pad = nn.ConstantPad2d((left, right, top, bottom), -torch.inf)
                return nn.Sequential(pad, nn.MaxPool2d(kernel, stride))
            case "AveragePool":
                assert (top, left) == (bottom, right) and not attributes.get("count_include_pad")
                return nn.AvgPool2d(kernel, stride, (top, left), count_include_pad=False)
            case "Reshape":
                return lambda x, *_: x.flatten(1)
            case "Gemm":
                assert attributes["transB"] == 1
                n, features = shapes[node.input[1]]
                return self.named(layer(1, "_w_0"), nn.Linear(features, n))
            case "Softmax":
                return lambda x: x
            case other:
                raise ValueError(f"{other} of {node.name}")

    def forward(self, image):
        values = {self.input: image}
        for step, operands, output in self.steps:
            values[output] = step(*(values[name] for name in operands if name in values))
        return values[self.output]


class Joined(nn.Module):
    def forward(self, *branches):
        return torch.cat(branches, 1)
