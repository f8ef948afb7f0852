"""Writes the operators' fixtures: what PyTorch computes, in float64, for odd shapes and arguments.

    python make_fixtures.py

One file an operator, `<operator>.safetensors`, f32. Case i has the tensors `case{i}.x` (with a
leading batch dimension), `case{i}.y` and `case{i}.<parameter>` for each parameter of the call:
`weight`, `bias`, `running_mean`, `conv.weight`, `bn.bias`. Where there are `case{i}.target` and
`case{i}.dx`, dx is the derivative by x of the mean squared distance from y to target. The metadata's `cases` is a JSON list with

    {"call": "conv(3x5/2x1, 17, pad: 0x3)", "args": {"kernel": "3x5/2x1", "channels": 17, "pad": "0x3"},
     "input": [5, 9, 7], "why": "..."}

so that `model M { input x: f32[5, 9, 7]  output y: <call> }` is the spec of the case. `why` is there
where a case was chosen by hand. In y, NaN and infinity have to stand in the same places; the rest is
judged by relative L2. Needs torch, numpy and safetensors; seeds are fixed.

ONNX Runtime agrees where it can be asked, but it lets `tf_same` crop the image where a stride is
beyond the kernel (TensorFlow's padding is never negative), refuses it with a dilation, and loses
NaN in max pools and relu.
"""

import json
import math
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = Path(__file__).parent
CHANNELS = [1, 2, 3, 5, 8, 16, 17, 33]


class Random:
    """Draws shapes, arguments and values; seeded by the operator's name, so files are independent."""

    def __init__(self, name):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def pick(self, values):
        return values[self.rng.integers(len(values))]

    def normal(self, *shape, scale=1.0):
        return torch.from_numpy(self.rng.standard_normal(shape).astype(np.float32)) * np.float32(scale)

    def positive(self, *shape):
        return torch.from_numpy(self.rng.uniform(0.2, 3, shape).astype(np.float32))

    def image(self, least=(1, 1), channels=None):
        """Batch, channels and an image at least as large as a window of `least`."""
        height, width = (int(self.rng.integers(low, low + 9)) for low in least)
        return [self.pick([1, 1, 2, 3]), channels or self.pick(CHANNELS), height, width]


# How arguments are written in a spec.

def size(pair):
    return f"{pair[0]}x{pair[1]}"


def window(kernel, stride):
    if tuple(stride) == (1, 1):
        return size(kernel)
    return f"{size(kernel)}/{stride[0] if stride[0] == stride[1] else size(stride)}"


def word(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(word, value)) + "]"
    return str(value)


def call(operator, positional, named):
    """The call's text and its arguments by name, leaving out what is None."""
    named = {name: value for name, value in named.items() if value is not None}
    parts = [word(v) for v in positional.values()] + [f"{k}: {word(v)}" for k, v in named.items()]
    text = operator + (f"({', '.join(parts)})" if parts else "")
    return {"call": text, "args": {**positional, **named}}


# Where windows stand.

def pads(pad, image, kernel, stride, dilation=(1, 1)):
    """Rows and columns added before and after: [(top, bottom), (left, right)]."""
    sides = []
    for axis, extent in enumerate(image):
        span = dilation[axis] * (kernel[axis] - 1) + 1
        if pad == "same":
            sides.append((span // 2, span // 2))
        elif pad == "tf_same":
            missing = max((math.ceil(extent / stride[axis]) - 1) * stride[axis] + span - extent, 0)
            sides.append((missing // 2, missing - missing // 2))
        else:
            sides.append((pad[axis], pad[axis]))
    return sides


def surround(x, sides, value=0.0):
    (top, bottom), (left, right) = sides
    return F.pad(x, (left, right, top, bottom), value=value)


def written(pad):
    if pad is None or isinstance(pad, str):
        return pad
    return pad[0] if pad[0] == pad[1] else size(pad)


# One function an operator: a draw, or a chosen case, in; tensors and the call out.

def pooled(operator, x, kernel, stride, pad=None, ceil=None, count_pad=None, why=None):
    wide = x.double()
    sides = pads(pad or (0, 0), x.shape[2:], kernel, stride)
    if pad == "tf_same":
        if operator == "maxpool":
            y = F.max_pool2d(surround(wide, sides, -math.inf), kernel, stride)
        else:
            total = F.avg_pool2d(surround(wide, sides), kernel, stride, divisor_override=1)
            count = F.avg_pool2d(surround(torch.ones_like(wide), sides), kernel, stride, divisor_override=1)
            y = total / count
    else:
        padding = (sides[0][0], sides[1][0])
        if operator == "maxpool":
            y = F.max_pool2d(wide, kernel, stride, padding, ceil_mode=bool(ceil))
        else:
            y = F.avg_pool2d(wide, kernel, stride, padding, bool(ceil), count_pad is not False)
    # A call without a stride steps by its kernel, so a stride of 1 has to be written.
    k = size(kernel) if tuple(stride) == tuple(kernel) else window(kernel, stride)
    if tuple(stride) == (1, 1) and tuple(kernel) != (1, 1):
        k += "/1"
    named = {"pad": written(pad), "ceil": ceil, "count_pad": count_pad}
    return {"x": x, "y": y}, call(operator, {"kernel": k}, named), why


def pools(operator, random):
    average = operator == "avgpool"
    for turn in range(24):
        kernel = (random.pick([1, 2, 3, 3, 4, 5]), random.pick([1, 2, 3, 3, 4, 5]))
        stride = random.pick([kernel, (1, 1), (2, 2), (2, 1), (1, 3), (4, 5), (3, 3)])
        forms = [None, (kernel[0] // 2, kernel[1] // 2), (0, kernel[1] // 2), "tf_same"]
        if kernel[0] % 2 and kernel[1] % 2:
            forms.append("same")
        pad = forms[turn % len(forms)]
        ceil = None if pad == "tf_same" else random.pick([None, True, True, False])
        count_pad = random.pick([None, True, False]) if average and pad != "tf_same" else None
        x = random.normal(*random.image(kernel))
        yield pooled(operator, x, kernel, stride, pad, ceil, count_pad)
    corners = [
        ((6, 7), (3, 3), (2, 2), None, "the last window hangs over the edge of the height alone"),
        ((4, 9), (1, 1), (4, 4), None, "a last window would start past the image: dropped"),
        ((4, 5), (2, 2), (5, 5), (1, 1), "a last window would start in the padding: dropped"),
        ((6, 10), (3, 3), (4, 4), (1, 1), "height drops its last window, width keeps it"),
        ((3, 2), (3, 2), (2, 2), None, "one window, as large as the image"),
        ((7, 1), (3, 1), (2, 2), (1, 0), "one pixel wide"),
        ((8, 8), (3, 3), (2, 2), (1, 1), "padding before, overhang after"),
    ]
    for image, kernel, stride, pad, why in corners:
        for count_pad in [None, False] if average and pad else [None]:
            x = random.normal(2, 3, *image)
            yield pooled(operator, x, kernel, stride, pad, True, count_pad, why)
    if average:
        why = "TensorFlow's average counts only the image itself"
        for image, kernel, stride in [((7, 8), (3, 3), (2, 2)), ((5, 5), (2, 4), (1, 3)), ((2, 1), (5, 5), (1, 1))]:
            yield pooled(operator, random.normal(1, 3, *image), kernel, stride, "tf_same", why=why)
    else:
        x = random.normal(2, 3, 7, 8)
        x[0, 0, 0, 0] = x[0, 1, 3, 4] = x[1, 2, 6, 7] = math.nan
        for pad in [(1, 1), "tf_same"]:
            yield pooled(operator, x, (3, 3), (2, 2), pad, why="NaN wins its windows")
        x = torch.full((1, 2, 3, 3), -math.inf)
        x[0, 1] = -3e38
        yield pooled(operator, x, (3, 3), (1, 1), "same", why="minus infinity, and all but that")


def globalavgpool(random):
    for _ in range(20):
        x = random.normal(*random.image()) + 1
        yield {"x": x, "y": x.double().mean((2, 3), keepdim=True)}, call("globalavgpool", {}, {}), None


def adaptiveavgpool(random):
    chosen = [((7, 10), (3, 4)), ((5, 3), (5, 3)), ((2, 3), (5, 7)), ((1, 1), (2, 3)), ((13, 11), (6, 7))]
    for turn in range(22):
        if turn < len(chosen):
            image, out = chosen[turn]
            shape = [2, 3, *image]
        else:
            shape, out = random.image(), (random.pick([1, 2, 3, 4, 6]), random.pick([1, 2, 3, 5, 7]))
        x = random.normal(*shape)
        y = F.adaptive_avg_pool2d(x.double(), out)
        yield {"x": x, "y": y}, call("adaptiveavgpool", {"size": size(out)}, {}), None


def upsample(random):
    """Once and twice as large a side and more, one pixel high or wide among them."""
    chosen = [((1, 1), (2, 3)), ((1, 7), (2, 2)), ((6, 1), (3, 2)), ((2, 2), (8, 5)), ((5, 4), (1, 1))]
    for turn in range(24):
        mode = "nearest" if turn % 6 == 5 else "bilinear"
        if turn < len(chosen):
            shape, factor = [2, 3, *chosen[turn][0]], chosen[turn][1]
        else:
            shape, factor = random.image(), (random.pick([1, 2, 2, 3, 4]), random.pick([1, 2, 2, 3, 5]))
            shape = [shape[0], *(min(side, 5) for side in shape[1:])]
        x = random.normal(*shape)
        wide = x.double().requires_grad_()
        kept = {} if mode == "nearest" else {"align_corners": False}
        y = F.interpolate(wide, scale_factor=factor, mode=mode, **kept)
        target = random.normal(*y.shape)
        F.mse_loss(y, target.double()).backward()
        written = factor[0] if factor[0] == factor[1] else size(factor)
        arguments = {"factor": written} | ({} if mode == "nearest" else {"mode": mode})
        yield {"x": x, "y": y.detach(), "target": target, "dx": wide.grad}, call("upsample", arguments, {}), None


def lrn(random):
    for turn in range(22):
        width = random.pick([1, 3, 5, 5, 7, 9])
        named = [{}, {"alpha": 0.5, "beta": 0.5, "k": 2}, {"alpha": 2e-3}, {"beta": 1}, {"k": 0.75, "alpha": 0.1}]
        named = named[turn % len(named)]
        # Where alpha is large, values are small: ONNX Runtime's power loses digits of large bases.
        scales = [1, 2, 5] if named.get("alpha", 0) > 0.01 else [1, 20, 150]
        x = random.normal(*random.image(), scale=random.pick(scales))
        alpha, beta, k = (named.get(*each) for each in [("alpha", 1e-4), ("beta", 0.75), ("k", 1)])
        y = F.local_response_norm(x.double(), width, alpha, beta, k)
        yield {"x": x, "y": y}, call("lrn", {"size": width}, named), None


def statistics(random, channels, affine=True, prefix=""):
    tensors = {"running_mean": random.normal(channels, scale=0.5), "running_var": random.positive(channels)}
    if affine:
        tensors |= {"weight": random.normal(channels), "bias": random.normal(channels)}
    return {prefix + name: tensor for name, tensor in tensors.items()}


def normalised(x, tensors, prefix="", eps=1e-5):
    get = lambda name: tensors[prefix + name].double() if prefix + name in tensors else None
    return F.batch_norm(x, get("running_mean"), get("running_var"), get("weight"), get("bias"), eps=eps)


def batchnorm(random):
    for turn in range(20):
        named = [{}, {"eps": 1e-3}, {"affine": False}, {"momentum": 0.3}, {"eps": 0.1, "affine": True}][turn % 5]
        x = random.normal(*random.image(), scale=2)
        tensors = statistics(random, x.shape[1], named.get("affine", True))
        y = normalised(x.double(), tensors, eps=named.get("eps", 1e-5))
        yield {"x": x, **tensors, "y": y}, call("batchnorm", {}, named), None
    for argument, parameter in [("scale", "weight"), ("shift", "bias")]:
        x = random.normal(2, 5, 3, 4, scale=2)
        tensors = statistics(random, 5)
        del tensors[parameter]
        y = normalised(x.double(), tensors)
        yield {"x": x, **tensors, "y": y}, call("batchnorm", {}, {argument: False}), f"no {parameter}"


def shaped(operator, function, name, numbers):
    """One whose curve a number shapes: by default, or as it is given."""
    def cases(random):
        for turn in range(20):
            x = random.normal(1, random.pick(CHANNELS[:5]), 3, 4, scale=random.pick([1, 5, 30]))
            named = {} if turn % 4 == 0 else {name: numbers[turn % len(numbers)]}
            yield {"x": x, "y": function(x.double(), *named.values())}, call(operator, {}, named), None

    return cases


def elementwise(operator, function, shape=Random.image):
    def cases(random):
        for _ in range(20):
            x = random.normal(*shape(random), scale=random.pick([1, 1, 5, 30]))
            yield {"x": x, "y": function(x.double())}, call(operator, {}, {}), None
        halves = [0.0, 1e-38, 88.9, 104.0, 3e38, math.inf]
        edge = torch.tensor([side * value for value in halves for side in (1, -1)]).view(1, 3, 2, 2)
        yield {"x": edge, "y": function(edge.double())}, call(operator, {}, {}), "edges"
        x = random.normal(2, 3, 3, 5)
        x[0, 1, 2, 2] = x[1, 0, 0, 0] = math.nan
        yield {"x": x, "y": function(x.double())}, call(operator, {}, {}), "NaN stays NaN"

    return cases


def few(random):
    return [1, random.pick(CHANNELS[:5]), 3, 4]


def softmax(random):
    for turn in range(22):
        shape = random.image()
        shape = shape[:2] if turn % 4 == 0 else shape
        x = random.normal(*shape, scale=random.pick([1, 5, 30])) + random.pick([0, 0, 1000])
        yield {"x": x, "y": x.double().softmax(1)}, call("softmax", {}, {}), None


def prelu(random):
    for turn in range(20):
        shape = few(random)
        shape = shape[:2] if turn % 4 == 0 else shape
        named = {"shared": True} if turn % 3 == 0 else {}
        x = random.normal(*shape, scale=random.pick([1, 5, 30]))
        weight = random.normal(1 if named else shape[1])
        y = F.prelu(x.double(), weight.double())
        yield {"x": x, "weight": weight, "y": y}, call("prelu", {}, named), None


def image_norm(operator, compute):
    """Norms by the statistics of each image; of values far from 0 ONNX Runtime loses digits."""
    def cases(random):
        for turn in range(20):
            shape = [2, random.pick([2, 4, 8]), 3, 4]
            shape = shape[:2] if turn % 4 == 0 and operator != "groupnorm" else shape
            named = [{}, {"eps": 1e-3}, {"affine": False}][turn % 3]
            groups = {"groups": random.pick([1, 2, shape[1]])} if operator == "groupnorm" else {}
            tensors = {} if "affine" in named else {"weight": random.normal(shape[1])}
            if tensors and operator != "l2norm":
                tensors["bias"] = random.normal(shape[1])
            x = random.normal(*shape, scale=random.pick([1, 5])) + random.pick([0, 0, 2])
            wide = {name: tensor.double() for name, tensor in tensors.items()}
            y = compute(x.double(), wide, named, **groups)
            yield {"x": x, **tensors, "y": y}, call(operator, groups, named), None

    return cases


def groupnorm(x, wide, named, groups):
    return F.group_norm(x, groups, wide.get("weight"), wide.get("bias"), named.get("eps", 1e-5))


def layernorm(x, wide, named):
    last = x.movedim(1, -1)
    y = F.layer_norm(last, last.shape[-1:], wide.get("weight"), wide.get("bias"), named.get("eps", 1e-5))
    return y.movedim(-1, 1)


def l2norm(x, wide, named):
    y = x / (x.square().sum(1, keepdim=True) + named.get("eps", 1e-10)).sqrt()
    return (y.movedim(1, -1) * wide["weight"]).movedim(-1, 1) if wide else y


def logsoftmax(random):
    for turn in range(22):
        shape = few(random)
        axis = random.pick([None, None, "height", "width"]) if turn % 4 else None
        shape = shape[:2] if turn % 4 == 0 else shape
        x = random.normal(*shape, scale=random.pick([1, 5, 30])) + random.pick([0, 0, 1000])
        y = x.double().log_softmax({"height": 2, "width": 3}.get(axis, 1))
        yield {"x": x, "y": y}, call("logsoftmax", {}, {"axis": axis}), None


def linear(random):
    for turn in range(20):
        shape = random.image()
        shape = shape[:2] if turn % 4 == 0 else shape
        inputs, features = math.prod(shape[1:]), random.pick([1, 2, 3, 7, 10, 17])
        tensors = {"weight": random.normal(features, inputs, scale=inputs**-0.5), "bias": random.normal(features)}
        named = {"bias": False} if turn % 5 == 1 else {"in": inputs} if turn % 5 == 2 else {}
        if "bias" in named:
            del tensors["bias"]
        x = random.normal(*shape)
        y = F.linear(x.flatten(1).double(), tensors["weight"].double(),
                     tensors["bias"].double() if "bias" in tensors else None)
        yield {"x": x, **tensors, "y": y}, call("linear", {"features": features}, named), None


def scale(random):
    for turn in range(20):
        x = random.normal(*random.image(), scale=2)
        each = lambda: [round(float(v), 3) for v in random.normal(x.shape[1])]
        s, shift = [(2.5, None), (each(), None), (-0.458, 0.03), (each(), each()), (0.17, each())][turn % 5]
        channelwise = lambda v: torch.tensor(v, dtype=torch.float64).view(-1, 1, 1)
        y = x.double() * channelwise(s) + channelwise(shift or 0.0)
        yield {"x": x, "y": y}, call("scale", {"scale": s}, {"shift": shift}), None


def convolved(operator, random, x, kernel, out, stride=(1, 1), pad=None, dilation=None, groups=None,
              multiplier=None, bias=None, norm=None, act=None, why=None):
    """`out` and `groups` of a depthwise convolution follow from its input and multiplier."""
    channels = x.shape[1]
    parts = channels if operator == "depthwise" else groups or 1
    count = channels * (multiplier or 1) if operator == "depthwise" else out
    spread = dilation if isinstance(dilation, tuple) else (dilation or 1,) * 2
    fan = channels // parts * kernel[0] * kernel[1]
    weight = random.normal(count, channels // parts, *kernel, scale=fan**-0.5)
    tensors = {"conv.weight" if norm else "weight": weight}
    if not norm and bias is not False:
        tensors["bias"] = random.normal(count)
    sides = pads(pad or "same", x.shape[2:], kernel, stride, spread)
    bias_values = tensors["bias"].double() if "bias" in tensors else None
    y = F.conv2d(surround(x.double(), sides), weight.double(), bias_values, stride, 0, spread, parts)
    if norm:
        tensors |= statistics(random, count, prefix="bn.")
        y = normalised(y, tensors, "bn.")
    if act:
        y = getattr(torch, act)(y)
    positional = {"kernel": window(kernel, stride)} | ({} if operator == "depthwise" else {"channels": out})
    named = {"pad": written(pad), "dilation": size(spread) if spread[0] != spread[1] else dilation,
             "groups": groups, "multiplier": multiplier, "bias": bias, "norm": norm, "act": act}
    return {"x": x, **tensors, "y": y}, call(operator, positional, named), why


def draw_convolution(random, operator, turn):
    kernel = random.pick([(1, 1), (3, 3), (5, 5), (1, 7), (7, 1), (3, 5), (2, 2), (2, 3), (4, 1)])
    stride = random.pick([(1, 1), (1, 1), (2, 2), (2, 1), (3, 5)])
    dilation = random.pick([None, None, None, 2, 3])
    span = [(dilation or 1) * (k - 1) + 1 for k in kernel]
    forms = [(0, 0), (span[0] // 2, span[1] // 2), (0, 3), "tf_same"]
    if kernel[0] % 2 and kernel[1] % 2:
        forms += ["same"] + ([None] if stride == (1, 1) else [])
    options = {"pad": forms[turn % len(forms)], "stride": stride, "dilation": dilation,
               "bias": random.pick([None, None, False]), "act": random.pick([None, None, "relu"])}
    channels, out = random.pick([1, 3, 5, 8, 17]), random.pick([1, 2, 3, 7, 17, 33])
    if operator == "depthwise":
        options["multiplier"] = random.pick([None, 1, 2, 3])
    elif turn % 4 == 3:
        options["groups"] = random.pick([2, 3, 4])
        channels, out = options["groups"] * random.pick([1, 2, 5]), options["groups"] * random.pick([1, 3, 4])
    x = random.normal(*random.image(span, channels))
    return convolved(operator, random, x, kernel, out, **options)


def conv(random):
    for turn in range(28):
        yield draw_convolution(random, "conv", turn)
    image = random.normal
    chosen = [
        (image(1, 5, 9, 7), (3, 5), 17, {"stride": (2, 1), "pad": (0, 3), "why": "0x3: no rows, three columns"}),
        (image(2, 6, 8, 11), (3, 3), 4, {"pad": "same", "dilation": 2, "groups": 2, "why": "dilation and groups"}),
        (image(1, 6, 9, 9), (3, 3), 12, {"stride": (2, 2), "pad": "tf_same", "dilation": 3, "groups": 3,
                                        "why": "all of them at once"}),
        (image(1, 4, 9, 8), (3, 2), 6, {"pad": (2, 1), "dilation": (3, 2), "why": "dilation of its own each way"}),
        (image(1, 3, 1, 1), (3, 3), 5, {"why": "one pixel"}),
        (image(1, 3, 1, 13), (1, 5), 5, {"stride": (1, 7), "pad": (0, 2), "why": "a stride beyond the kernel"}),
        (image(2, 3, 8, 7), (3, 3), 9, {"norm": "batchnorm", "act": "relu", "why": "norm, then act"}),
        (image(1, 9, 5, 6), (1, 1), 17, {"norm": "batchnorm", "why": "norm without act"}),
        (image(1, 9, 5, 6), (1, 1), 4, {"act": "sigmoid"}),
        (image(1, 9, 5, 6), (5, 5), 4, {"act": "tanh"}),
        (image(1, 3, 23, 21), (7, 7), 16, {"stride": (2, 2), "pad": (3, 3), "act": "relu", "why": "a stem"}),
        (image(1, 3, 8, 8), (3, 3), 8, {"stride": (2, 2), "pad": "tf_same", "why": "more after than before"}),
        (image(1, 3, 8, 8), (3, 3), 8, {"stride": (2, 2), "pad": "same", "why": "tf_same's shape, other numbers"}),
    ]
    for x, kernel, out, options in chosen:
        yield convolved("conv", random, x, kernel, out, **options)


def depthwise(random):
    for turn in range(18):
        yield draw_convolution(random, "depthwise", turn)
    options = [
        {"norm": "batchnorm", "act": "relu"},
        {"multiplier": 3, "norm": "batchnorm", "stride": (2, 2), "pad": (1, 1)},
        {"multiplier": 2, "dilation": 2},
    ]
    for each in options:
        yield convolved("depthwise", random, random.normal(2, 5, 7, 6), (3, 3), None, **each)


OPERATORS = {
    "maxpool": lambda random: pools("maxpool", random),
    "avgpool": lambda random: pools("avgpool", random),
    "globalavgpool": globalavgpool,
    "adaptiveavgpool": adaptiveavgpool,
    "upsample": upsample,
    "lrn": lrn,
    "batchnorm": batchnorm,
    "groupnorm": image_norm("groupnorm", groupnorm),
    "layernorm": image_norm("layernorm", layernorm),
    "l2norm": image_norm("l2norm", l2norm),
    "relu": elementwise("relu", torch.relu),
    "sigmoid": elementwise("sigmoid", torch.sigmoid),
    "tanh": elementwise("tanh", torch.tanh),
    "relu6": elementwise("relu6", F.relu6, few),
    "gelu": elementwise("gelu", F.gelu, few),
    "gelu_tanh": elementwise("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), few),
    "hardsigmoid": elementwise("hardsigmoid", F.hardsigmoid, few),
    "hardswish": elementwise("hardswish", F.hardswish, few),
    "leakyrelu": shaped("leakyrelu", F.leaky_relu, "slope", [0, 0.1, 0.25, 1.5]),
    "elu": shaped("elu", F.elu, "alpha", [0, 0.5, 1.5]),
    "prelu": prelu,
    "softmax": softmax,
    "logsoftmax": logsoftmax,
    "linear": linear,
    "scale": scale,
    "conv": conv,
    "depthwise": depthwise,
}


def main():
    torch.set_num_threads(1)
    for operator, draw in OPERATORS.items():
        tensors, cases = {}, []
        for i, (values, described, why) in enumerate(draw(Random(operator))):
            assert values["x"].dtype == torch.float32 and values["y"].dtype == torch.float64, operator
            for name, value in values.items():
                tensors[f"case{i}.{name}"] = value.float().clone(memory_format=torch.contiguous_format)
            cases.append({**described, "input": list(values["x"].shape[1:])} | ({"why": why} if why else {}))
        path = HERE / f"{operator}.safetensors"
        save_file(tensors, path, {"cases": json.dumps(cases)})
        print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
