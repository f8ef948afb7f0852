"""Caffe nets with weights, as each generation of Caffe writes them, and what is in them.

    python test/fixtures-checkpoints/make_caffe.py

writes caffe/*.caffemodel and caffe/expected.json.
"""

import pathlib

import numpy as np
from caffe_proto import net
from expected import Expected

folder = pathlib.Path(__file__).parent / "caffe"
expected = Expected(folder)
random = np.random.default_rng(5)


def numbers(*shape):
    return random.normal(size=shape).astype(np.float32)


def add_blob(layer, values, legacy=None, double=False, diff=False):
    blob = layer.blobs.add()
    if legacy is None:
        blob.shape.dim.extend(values.shape)
    else:
        blob.num, blob.channels, blob.height, blob.width = legacy
    (blob.double_data if double else blob.data).extend(values.flatten().tolist())
    if diff:
        blob.diff.extend([0.5] * values.size)


def save(file, made, tensors):
    (folder / f"{file}.caffemodel").write_bytes(made.SerializeToString())
    expected.add(f"{file}.caffemodel", tensors)


def layer(made, name, kind, bottom, top, *blobs, **more):
    one = made.layer.add(name=name, type=kind, bottom=[bottom], top=[top])
    for values in blobs:
        add_blob(one, values, **more)
    return one


# As Caffe writes since 2014: `layer`, shapes of any rank, packed numbers.
made = net(True, "TinyInception")
conv, bias = numbers(4, 3, 3, 3), numbers(4)
layer(made, "data", "Input", "", "data")
layer(made, "conv1/3x3", "Convolution", "data", "conv1/3x3", conv, bias)
mean, variance, factor = numbers(4), abs(numbers(4)), np.float32([999.982])
layer(made, "conv1/bn", "BatchNorm", "conv1/3x3", "conv1/3x3", mean, variance, factor)
gamma, beta = numbers(4), numbers(4)
layer(made, "conv1/scale", "Scale", "conv1/3x3", "conv1/3x3", gamma, beta)
layer(made, "conv1/relu", "ReLU", "conv1/3x3", "conv1/3x3")
grouped = numbers(4, 2, 1, 1)
layer(made, "conv2", "Convolution", "conv1/3x3", "conv2", grouped, diff=True)
layer(made, "conv2/bn", "BatchNorm", "conv2", "conv2/bn", numbers(4), abs(numbers(4)), np.float32([0]))
alone = numbers(4)
layer(made, "alone", "Scale", "conv2", "alone", alone)
slope = numbers(4)
layer(made, "prelu", "PReLU", "alone", "alone", slope)
up = numbers(4, 2, 2, 2).astype(np.float64)
layer(made, "up", "Deconvolution", "alone", "up", up, double=True)
weight, fc_bias = numbers(5, 8), numbers(5)
layer(made, "fc", "InnerProduct", "up", "fc", weight, fc_bias)
across = numbers(5, 3)
turned = layer(made, "fc_across", "InnerProduct", "fc", "out", across, numbers(3))
turned.inner_product_param.transpose = True
across_bias = np.float32(turned.blobs[1].data)
save(
    "layer",
    made,
    {
        "conv1/3x3.weight": conv,
        "conv1/3x3.bias": bias,
        "conv1/bn.running_mean": mean.astype(np.float64) / factor,
        "conv1/bn.running_var": variance.astype(np.float64) / factor,
        "conv1/bn.weight": gamma,
        "conv1/bn.bias": beta,
        "conv2.weight": grouped,
        "conv2/bn.running_mean": np.zeros(4),
        "conv2/bn.running_var": np.zeros(4),
        "alone.weight": alone,
        "prelu.weight": slope,
        "up.weight": (up, "F64"),
        "fc.weight": weight,
        "fc.bias": fc_bias,
        "fc_across.weight": across.T,
        "fc_across.bias": across_bias,
    },
)

# A file of weights alone, whose layers do not say what they read; and forks of Caffe.
made = net(True, "weights")
for one in ("a", "b"):
    layer(made, f"{one}_bn", "BatchNorm", "", "", mean, variance, np.float32([2]))
    layer(made, f"{one}_scale", "Scale", "", "", gamma, beta)
layer(made, "bn_of_a_fork", "BN", "", "", *(values.reshape(1, 4, 1, 1) for values in (gamma, beta, mean, variance)))
nvidia = (mean, variance, np.float32([1]), gamma, beta)
layer(made, "bn_of_nvidia", "BatchNorm", "", "", *nvidia)
for one in made.layer:
    del one.bottom[:], one.top[:]
norm = {"running_mean": mean / 2, "running_var": variance / 2, "weight": gamma, "bias": beta}
plain = {"weight": gamma, "bias": beta, "running_mean": mean, "running_var": variance}
order = ("running_mean", "running_var", "weight", "bias")
save(
    "weights-only",
    made,
    {f"{one}_bn.{role}": norm[role] for one in ("a", "b") for role in order}
    | {f"bn_of_a_fork.{role}": plain[role] for role in plain}
    | {f"bn_of_nvidia.{role}": plain[role] for role in order},
)

# As Caffe wrote in 2014: `layers`, four sizes for everything; and those of 2013 within them.
for name, packed in (("layers", True), ("layers-unpacked", False)):
    made = net(packed, "AlexNet")
    for kind, title in ((4, "conv1"), (14, "fc8"), (39, "up")):
        one = made.layers.add(name=title, type=kind, bottom=["in"], top=[title])
        add_blob(one, conv if kind != 14 else weight, legacy=(4, 3, 3, 3) if kind != 14 else (1, 1, 5, 8))
        add_blob(one, bias if kind != 14 else fc_bias, legacy=(1, 1, 1, 4 if kind != 14 else 5))
    save(
        name,
        made,
        {
            "conv1.weight": conv,
            "conv1.bias": bias,
            "fc8.weight": weight,
            "fc8.bias": fc_bias,
            "up.weight": conv,
            "up.bias": bias,
        },
    )
made = net(False, "CaffeNet")
for kind, title in (("conv", "conv1"), ("innerproduct", "fc8")):
    one = made.layers.add().layer
    one.name, one.type = title, kind
    add_blob(one, conv if kind == "conv" else weight, legacy=(4, 3, 3, 3) if kind == "conv" else (1, 1, 5, 8))
    add_blob(one, bias if kind == "conv" else fc_bias, legacy=(1, 1, 1, 4 if kind == "conv" else 5))
save(
    "layers-2013",
    made,
    {"conv1.weight": conv, "conv1.bias": bias, "fc8.weight": weight, "fc8.bias": fc_bias},
)

expected.write()
