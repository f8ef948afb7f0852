"""
A graph as written, computed by torch.nn.functional: the independent judge.

It reads graph.json and nothing else of the compiler's. Values are [N, C, H, W] or [N, features].
"""

from __future__ import annotations

from functools import reduce
from typing import Any, Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

Node = Mapping[str, Any]
Layer = Callable[[list[Tensor], Mapping[str, Tensor]], Tensor]


class TorchGraph(torch.nn.Module):
    """
    The network as a module. Weights are buffers, so that `.to(...)` moves and rounds them.
    `others` are makers of layers to use instead of the ones below.
    """

    def __init__(
        self,
        graph: Mapping[str, Any],
        weights: Mapping[str, Tensor],
        others: Mapping[str, Callable[[Node], Layer]] | None = None,
    ) -> None:
        super().__init__()
        self.input = graph["inputs"][0]["name"]
        self.outputs = [(each["name"], each["value"]) for each in graph["outputs"]]
        self.nodes: list[Node] = graph["nodes"]
        self.layers = [layer_of(node, {**MAKERS, **(others or {})}) for node in self.nodes]
        self.buffer_names = {name: f"w{i}" for i, name in enumerate(weights)}
        for name, value in weights.items():
            self.register_buffer(self.buffer_names[name], value)
        self.last_use = _last_uses(graph)

    def weights_of(self, node: Node) -> dict[str, Tensor]:
        return {
            role: getattr(self, self.buffer_names[name]) for role, name in node["weights"].items()
        }

    def compute(self, i: int, inputs: list[Tensor]) -> Tensor:
        """Node i's result."""
        return self.layers[i](inputs, self.weights_of(self.nodes[i]))

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """The outputs by name."""
        values = {self.input: x}
        for i, node in enumerate(self.nodes):
            result = self.compute(i, [values[name] for name in node["inputs"]])
            values[node["outputs"][0]["name"]] = result
            for name in self.last_use[i]:
                del values[name]
        return {name: values[value] for name, value in self.outputs}


def layer_of(node: Node, makers: Mapping[str, Callable[[Node], Layer]]) -> Layer:
    """The function of a node's primitive, its attributes bound."""
    make = makers.get(node["primitive"])
    if make is None:
        raise KeyError(f"{node['path']}: torch_graph.py lacks {node['primitive']}")
    if len(node["outputs"]) != 1:
        raise ValueError(f"{node['path']}: a graph as written has one output a node")
    return make(node)


def _last_uses(graph: Mapping[str, Any]) -> list[list[str]]:
    """For each node, the values that nothing needs after it."""
    kept = {each["value"] for each in graph["outputs"]}
    last: dict[str, int] = {}
    for i, node in enumerate(graph["nodes"]):
        for name in [*node["inputs"], node["outputs"][0]["name"]]:
            last[name] = i
    ends: list[list[str]] = [[] for _ in graph["nodes"]]
    for name, i in last.items():
        if name not in kept:
            ends[i].append(name)
    return ends


# ---- Primitives, in the order of src/ops/registry.ts.

# Of a value and of the number that shapes the function, where one does.
ACTIVATIONS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "none": lambda x, _: x,
    "relu": lambda x, _: F.relu(x),
    "sigmoid": lambda x, _: torch.sigmoid(x),
    "tanh": lambda x, _: torch.tanh(x),
    "silu": lambda x, _: F.silu(x),
    "relu6": lambda x, _: F.relu6(x),
    "leakyrelu": F.leaky_relu,
    "elu": F.elu,
    "gelu": lambda x, _: F.gelu(x),
    "gelu_tanh": lambda x, _: F.gelu(x, approximate="tanh"),
    "hardsigmoid": lambda x, _: F.hardsigmoid(x),
    "hardswish": lambda x, _: F.hardswish(x),
}


def _conv(node: Node) -> Layer:
    a = node["attrs"]
    top, left, bottom, right = (a["pads"][side] for side in ("top", "left", "bottom", "right"))
    even = top == bottom and left == right
    activate = ACTIVATIONS[a["activation"]]
    inplace = bool(a.get("inplaceRelu"))

    def layer(x: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
        image = x[0] if even else F.pad(x[0], (left, right, top, bottom))
        padding = (top, left) if even else (0, 0)
        y = F.conv2d(
            image, w["weight"], w.get("bias"), a["stride"], padding, a["dilation"], a["groups"]
        )
        return y.relu_() if inplace else activate(y, a.get("alpha", 0))

    return layer


def _conv_transpose(node: Node) -> Layer:
    a = node["attrs"]
    top, left, bottom, right = (a["pads"][side] for side in ("top", "left", "bottom", "right"))

    def layer(x: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
        bias, extra = w.get("bias"), a["outputPad"]
        stride, groups, dilation = a["stride"], a["groups"], a["dilation"]
        y = F.conv_transpose2d(x[0], w["weight"], bias, stride, 0, extra, groups, dilation)
        return y[:, :, top : y.shape[2] - bottom, left : y.shape[3] - right]

    return layer


def _linear(_: Node) -> Layer:
    return lambda x, w: F.linear(x[0].flatten(1), w["weight"], w.get("bias"))


def _windows(node: Node, size: int, axis: int) -> tuple[int, int, int]:
    """
    Windows of a pool along an axis (0 down, 1 across): how many, and the pixels to add before
    and after so that they fit exactly; negative ones are cut off. By the definition: rounded up,
    less a last window that would begin in the padding after the image.
    """
    a = node["attrs"]
    stride, dilation = a["stride"][axis], a.get("dilation", (1, 1))[axis]
    kernel = (a["kernel"][axis] - 1) * dilation + 1
    before, after = (a["pads"][side] for side in (("top", "bottom"), ("left", "right"))[axis])
    room = size + before + after - kernel
    count = (-(-room // stride) if a["ceil"] else room // stride) + 1
    if a["ceil"] and (count - 1) * stride >= size + before:
        count -= 1
    return count, before, (count - 1) * stride + kernel - size - before


def _fitted(node: Node, x: Tensor, value: float) -> Tensor:
    """The image with `value` around it, as large as its windows reach."""
    _, top, bottom = _windows(node, x.shape[2], 0)
    _, left, right = _windows(node, x.shape[3], 1)
    return F.pad(x, (left, right, top, bottom), value=value)


def _plain(node: Node) -> bool:
    """Whether PyTorch's own pools mean the same; only speed depends on it."""
    pads, (height, width) = node["attrs"]["pads"], node["attrs"]["kernel"]
    even = pads["top"] == pads["bottom"] and pads["left"] == pads["right"]
    return even and 2 * pads["top"] <= height and 2 * pads["left"] <= width


def _max_pool(node: Node) -> Layer:
    a = node["attrs"]

    def layer(x: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        fitted = _fitted(node, x[0], float("-inf"))
        return F.max_pool2d(fitted, a["kernel"], a["stride"], dilation=a.get("dilation", 1))

    return layer


def _avg_pool(node: Node) -> Layer:
    """Sums of windows by numbers of counted pixels: the padding may count, overhang never does."""
    a = node["attrs"]

    def sums(fitted: Tensor) -> Tensor:
        return F.avg_pool2d(fitted, a["kernel"], a["stride"], divisor_override=1)

    def layer(x: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        counted = torch.ones_like(x[0][:1, :1])
        if a["countPad"]:
            pads = a["pads"]
            sides = (pads["left"], pads["right"], pads["top"], pads["bottom"])
            rows, columns = _windows(node, x[0].shape[2], 0), _windows(node, x[0].shape[3], 1)
            over = (0, columns[2] - sides[1], 0, rows[2] - sides[3])
            counted = F.pad(F.pad(counted, sides, value=1.0), over)
        else:
            counted = _fitted(node, counted, 0.0)
        return sums(_fitted(node, x[0], 0.0)) / sums(counted)

    return layer


def plain_max_pool(node: Node) -> Layer:
    """The same by PyTorch's own padding, where that can: for the peers in timings."""
    a = node["attrs"]
    if not _plain(node):
        return _max_pool(node)
    padding = (a["pads"]["top"], a["pads"]["left"])
    dilation = a.get("dilation", 1)
    return lambda x, _: F.max_pool2d(x[0], a["kernel"], a["stride"], padding, dilation, a["ceil"])


def plain_avg_pool(node: Node) -> Layer:
    """As plain_max_pool."""
    a = node["attrs"]
    if not _plain(node):
        return _avg_pool(node)
    padding = (a["pads"]["top"], a["pads"]["left"])
    return lambda x, _: F.avg_pool2d(
        x[0], a["kernel"], a["stride"], padding, a["ceil"], a["countPad"]
    )


def _adaptive_avg_pool(node: Node) -> Layer:
    size = node["attrs"]["size"]
    return lambda x, _: F.adaptive_avg_pool2d(x[0], size)


def _batch_norm(node: Node) -> Layer:
    eps = node["attrs"]["eps"]
    return lambda x, w: F.batch_norm(
        x[0], w["running_mean"], w["running_var"], w.get("weight"), w.get("bias"), eps=eps
    )


def _group_norm(node: Node) -> Layer:
    a = node["attrs"]
    return lambda x, w: F.group_norm(x[0], a["groups"], w.get("weight"), w.get("bias"), a["eps"])


def _layer_norm(node: Node) -> Layer:
    eps = node["attrs"]["eps"]

    def layer(x: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
        last = x[0].movedim(1, -1)
        normal = F.layer_norm(last, last.shape[-1:], w.get("weight"), w.get("bias"), eps)
        return normal.movedim(-1, 1)

    return layer


def _l2_norm(node: Node) -> Layer:
    eps = node["attrs"]["eps"]

    def layer(x: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
        unit = x[0] / (x[0].square().sum(1, keepdim=True) + eps).sqrt()
        if "weight" not in w:
            return unit
        return unit * w["weight"].view(-1, *[1] * (unit.dim() - 2))

    return layer


def _lrn(node: Node) -> Layer:
    a = node["attrs"]
    return lambda x, _: F.local_response_norm(x[0], a["size"], a["alpha"], a["beta"], a["k"])


def sliced_lrn(node: Node) -> Layer:
    """The same as sums of shifted squares, which torch.compile fuses: for the peers in timings."""
    a = node["attrs"]
    reach = a["size"] // 2

    def layer(x: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        squares = F.pad(x[0] * x[0], (0, 0, 0, 0, reach, reach))
        channels = x[0].shape[1]
        total = squares[:, :channels]
        for i in range(1, a["size"]):
            total = total + squares[:, i : i + channels]
        return x[0] * (total * (a["alpha"] / a["size"]) + a["k"]) ** -a["beta"]

    return layer


def _scale(node: Node) -> Layer:
    a = node["attrs"]

    def layer(x: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        shape = (-1,) + (1,) * (x[0].dim() - 2)
        factor, shift = (x[0].new_tensor(a[name]).view(shape) for name in ("scale", "shift"))
        return x[0] * factor + shift

    return layer


def _add(node: Node) -> Layer:
    scales = node["attrs"]["scales"]

    def layer(x: list[Tensor], _: Mapping[str, Tensor]) -> Tensor:
        total = x[0] * scales[0] if scales[0] != 1 else x[0]
        for value, scale in zip(x[1:], scales[1:]):
            total = torch.add(total, value, alpha=scale)
        return total

    return layer


def _activation(node: Node) -> Layer:
    function, alpha = ACTIVATIONS[node["primitive"]], node["attrs"].get("alpha", 0)
    return lambda x, _: function(x[0], alpha)


def _zero_pad(node: Node) -> Layer:
    pads = node["attrs"]["pads"]
    sides = [pads[side] for side in ("left", "right", "top", "bottom")]
    return lambda x, _: F.pad(x[0], sides)


def _upsample(node: Node) -> Layer:
    height, width = node["attrs"]["factor"]
    return lambda x, _: x[0].repeat_interleave(height, 2).repeat_interleave(width, 3)


def _bilinear(node: Node) -> Layer:
    factor = tuple(node["attrs"]["factor"])
    return lambda x, _: F.interpolate(x[0], scale_factor=factor, mode="bilinear", align_corners=False)


def _slice(node: Node) -> Layer:
    a = node["attrs"]
    return lambda x, _: x[0].narrow(1, a["from"], a["count"])


def _shuffle(node: Node) -> Layer:
    groups = node["attrs"]["groups"]
    return lambda x, _: x[0].unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2)


def _distribution(function: Callable[..., Tensor]) -> Callable[[Node], Layer]:
    def make(node: Node) -> Layer:
        axis = {"height": 2, "width": 3}.get(node["attrs"].get("axis"), 1)
        return lambda x, _: function(x[0], dim=axis)

    return make


def _of_one(function: Callable[[Tensor], Tensor]) -> Callable[[Node], Layer]:
    return lambda _: lambda x, __: function(x[0])


MAKERS: dict[str, Callable[[Node], Layer]] = {
    "conv": _conv,
    "convtranspose": _conv_transpose,
    "linear": _linear,
    "maxpool": _max_pool,
    "avgpool": _avg_pool,
    "adaptiveavgpool": _adaptive_avg_pool,
    "batchnorm": _batch_norm,
    "groupnorm": _group_norm,
    "layernorm": _layer_norm,
    "l2norm": _l2_norm,
    "lrn": _lrn,
    "relu": _activation,
    "sigmoid": _activation,
    "tanh": _activation,
    "silu": _activation,
    "relu6": _activation,
    "leakyrelu": _activation,
    "elu": _activation,
    "gelu": _activation,
    "gelu_tanh": _activation,
    "hardsigmoid": _activation,
    "hardswish": _activation,
    "prelu": lambda _: lambda x, w: F.prelu(x[0], w["weight"]),
    "softmax": _distribution(F.softmax),
    "logsoftmax": _distribution(F.log_softmax),
    "dropout": _of_one(lambda x: x),
    "flatten": _of_one(lambda x: x.flatten(1)),
    "identity": _of_one(lambda x: x),
    "scale": _scale,
    "zeropad": _zero_pad,
    "upsample": _upsample,
    "bilinear": _bilinear,
    "slice": _slice,
    "shuffle": _shuffle,
    "concat": lambda _: lambda x, __: torch.cat(x, dim=1),
    "add": _add,
    "mul": lambda _: lambda x, __: reduce(torch.mul, x),
    "max": lambda _: lambda x, __: reduce(torch.maximum, x),
}
