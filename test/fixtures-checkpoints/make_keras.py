"""Files of weights as Keras writes them, and what NumPy reads out of them.

    KERAS_BACKEND=torch python test/fixtures-checkpoints/make_keras.py

writes keras/* and keras/expected.json. What Keras 3 writes it writes itself; what Keras 1 and 2
wrote, and what HDF5 can do beside that, is laid out with h5py. Made with Keras 3.15 and h5py 3.16.
"""

import io
import json
import logging
import pathlib
import zipfile

import h5py
import keras
import ml_dtypes
import numpy as np
from keras import layers

from expected import Expected

logging.disable()
folder = pathlib.Path(__file__).parent / "keras"
expected = Expected(folder)
random = np.random.default_rng(11)
roles = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def numbers(*shape):
    return random.normal(size=shape).astype(np.float32)


def kernel(values):
    """h, w, in, out as out, in, h, w; in, out as out, in."""
    return np.moveaxis(values, (-1, -2), (0, 1))


def depthwise(values):
    """h, w, in, multiplier as in * multiplier, 1, h, w."""
    h, w, channels, multiplier = values.shape
    return np.moveaxis(values, (-2, -1), (0, 1)).reshape(channels * multiplier, 1, h, w)


def tensors_of(model, above=""):
    """By the layers' classes, with names and orders of dimensions as PyTorch has them."""
    tensors = {}
    for layer in model.layers:
        name = above + layer.name
        weights = {one.name: one.numpy() for one in layer.weights}
        if isinstance(layer, keras.Model):
            tensors |= tensors_of(layer, name + ".")
            continue
        for key, values in weights.items():
            if isinstance(layer, layers.BatchNormalization):
                tensors[f"{name}.{roles[key]}"] = values
            elif isinstance(layer, layers.SeparableConv2D):
                turn = {"depthwise_kernel": depthwise, "pointwise_kernel": kernel, "bias": np.asarray}[key]
                half = "depthwise" if key == "depthwise_kernel" else "pointwise"
                tensors[f"{name}.{half}.{'bias' if key == 'bias' else 'weight'}"] = turn(values)
            elif isinstance(layer, layers.DepthwiseConv2D):
                tensors[f"{name}.{'bias' if key == 'bias' else 'weight'}"] = values if key == "bias" else depthwise(values)
            else:
                tensors[f"{name}.{'bias' if key == 'bias' else 'weight'}"] = values if key == "bias" else kernel(values)
    return tensors


def grouped(tensors, classes):
    """In the order of a bare .weights.h5: by class and number, since it says no other."""
    return dict(sorted(tensors.items(), key=lambda item: classes.index(item[0].rsplit(".", 1)[0])))


x = image = layers.Input((8, 8, 4), name="image")
x = layers.Conv2D(4, 3, padding="same", name="block1_conv1")(x)
x = layers.BatchNormalization(name="block1_bn")(x)
x = layers.Conv2D(6, (1, 3), groups=2, use_bias=False, name="grouped")(x)
x = layers.BatchNormalization(scale=False, name="block2_bn")(x)
x = layers.BatchNormalization(center=False, name="block3_bn")(x)
x = layers.SeparableConv2D(5, 3, depth_multiplier=2, name="separable")(x)
x = layers.DepthwiseConv2D(3, depth_multiplier=2, name="depthwise")(x)
x = layers.Conv2DTranspose(3, 2, name="up")(x)
x = layers.Dropout(0.5)(x)
inner = keras.Sequential([layers.Input((5, 3, 3)), layers.Conv2D(2, 1, name="conv"), layers.BatchNormalization()], name="inner")
x = inner(x)
x = layers.Flatten()(x)
x = layers.Dense(2, name="predictions")(x)
model = keras.Model(image, x)
model.set_weights([numbers(*one.shape) for one in model.get_weights()])
tensors = tensors_of(model)
for file in ("model.h5", "model.keras"):
    model.save(folder / file)
    expected.add(file, tensors)
model.save_weights(folder / "model.weights.h5")
# Without the model's description nothing says that block3_bn has no center, and not no scale.
bare = {name.replace("block3_bn.weight", "block3_bn.bias"): values for name, values in tensors.items()}
inner_first = ["inner.batch_normalization", "inner.conv"]
bare_order = [
    *("block1_bn", "block2_bn", "block3_bn", "block1_conv1", "grouped", "up", "predictions", "depthwise"),
    *("separable.depthwise", "separable.pointwise", *inner_first),
]
expected.add("model.weights.h5", grouped(bare, bare_order))


def rewritten(file, change, compression=zipfile.ZIP_STORED):
    """model.keras with its weights changed; a person's own zip may be packed."""
    with zipfile.ZipFile(folder / "model.keras") as archive, zipfile.ZipFile(folder / file, "w", compression) as new:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "model.weights.h5":
                with io.BytesIO(content) as memory:
                    with h5py.File(memory, "r+") as weights:
                        change(weights)
                    content = memory.getvalue()
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, compression)


def nameless(weights):
    weights.visititems(lambda _, one: one.attrs.pop("name", None) and None)


# As Keras 3.0 wrote it, where only the description knows the names.
rewritten("nameless.keras", nameless, zipfile.ZIP_DEFLATED)
expected.add("nameless.keras", tensors)
# As TensorFlow 2.12 wrote it.
moved = lambda weights: (nameless(weights), weights.move("layers", "_layer_checkpoint_dependencies"))
rewritten("moved.keras", moved, zipfile.ZIP_DEFLATED)
expected.add("moved.keras", tensors)

# More than ten of a class: the tenth comes after the ninth, and not after the first.
dozen = keras.Sequential([layers.Input((2, 2, 2)), *(layers.Conv2D(2, 1, use_bias=False) for _ in range(12))])
dozen.set_weights([numbers(1, 1, 2, 2) for _ in range(12)])
dozen.save_weights(folder / "dozen.weights.h5")
with h5py.File(folder / "dozen.weights.h5", "r+") as weights:
    nameless(weights)
kernels = [kernel(one) for one in dozen.get_weights()]
expected.add("dozen.weights.h5", {f"conv2d{f'_{i}' if i else ''}.weight": one for i, one in enumerate(kernels)})


class Block(layers.Layer):
    """A layer of a person's own, which has its layers under its own attributes."""

    def __init__(self):
        super().__init__(name="block")
        self.stem = layers.Conv2D(2, 1)
        self.squeeze = layers.Dense(2, name="narrow")

    def call(self, x):
        return self.squeeze(self.stem(x))


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.norm = layers.BatchNormalization(name="norm")
        self.stacked = [layers.Dense(2, name="first"), layers.Dense(2, name="second")]

    def call(self, x):
        x = self.norm(self.block(x))
        for layer in self.stacked:
            x = layer(x)
        return x


own = Own()
own(np.zeros((1, 2, 2, 3), np.float32))
own.set_weights([numbers(*one.shape) for one in own.get_weights()])
own.save_weights(folder / "own.weights.h5")
stem, narrow = own.block.stem, own.block.squeeze
expected.add(
    "own.weights.h5",
    # Nothing in the file says that this is a Dense: its variables go by number.
    {f"block.narrow.{i}": one.numpy() for i, one in enumerate(narrow.weights)}
    | {f"block.{stem.name}.weight": kernel(stem.kernel.numpy()), f"block.{stem.name}.bias": stem.bias.numpy()}
    | {f"norm.{roles[one.name]}": one.numpy() for one in own.norm.weights}
    | {
        f"{layer.name}.{role}": kernel(one.numpy()) if role == "weight" else one.numpy()
        for layer in own.stacked
        for role, one in zip(("weight", "bias"), layer.weights)
    },
)

# As Keras 2 wrote: texts of a fixed length, ":0" behind every name, lists cut in two, and weights in
# every way that h5py can store them.
conv, bias = numbers(3, 3, 2, 4), numbers(4)
dense = numbers(30, 7)
stored = {
    "conv1/conv": {"conv1/conv/kernel:0": conv, "conv1/conv/bias:0": bias},
    "conv1/bn": {f"conv1/bn/{key}:0": numbers(4) for key in roles},
    "renamed": {"conv2d_7/kernel_1:0": conv, "conv2d_7/bias_1:0": bias},
    "resnet": {"stem/kernel:0": conv, "stem_bn/beta:0": bias},
    "conv2d_1": {"conv2d_1/kernel:0": conv, "conv2d_1/bias:0": bias},
    "separable_conv2d_1": {
        "separable_conv2d_1/depthwise_kernel:0": conv[..., :1],
        "separable_conv2d_1/pointwise_kernel:0": numbers(1, 1, 2, 3),
        "separable_conv2d_1/bias:0": numbers(3),
    },
    "depthwise_conv2d_1": {"depthwise_conv2d_1/depthwise_kernel:0": conv},
    "old": {"old_W_1:0": conv, "old_b_1:0": bias},
    "old_bn": {f"old_bn_{key}:0": numbers(4) for key in ("gamma", "beta", "running_mean", "running_std")},
}
ways = {
    "gzip": (dense, dict(chunks=(16, 7), compression="gzip", shuffle=True, fletcher32=True)),
    "chunks": (dense, dict(chunks=(16, 3))),
    "many_chunks": (numbers(66, 1), dict(chunks=(1, 1))),
    "checked": (numbers(3, 3), dict(chunks=(2, 2), fletcher32=True)),
    "big": (dense.astype(">f4"), {}),
    "big_double": (dense[:3].astype(">f8"), dict(chunks=(2, 2))),
    "double": (dense[:3].astype(np.float64), {}),
    "half": (dense[:3].astype(np.float16), {}),
    "big_half": (dense[:3].astype(">f2"), {}),
}
for name, (values, _) in ways.items():
    stored[name] = {f"{name}/kernel:0": values}
names = {"W": "weight", "b": "bias", "running_mean": "running_mean", "running_std": "running_var"}
read = {
    "conv1/conv.weight": kernel(conv),
    "conv1/conv.bias": bias,
    **{f"conv1/bn.{roles[key]}": stored["conv1/bn"][f"conv1/bn/{key}:0"] for key in roles},
    "renamed.weight": kernel(conv),
    "renamed.bias": bias,
    "resnet.stem.weight": kernel(conv),
    "resnet.stem_bn.bias": bias,
    "conv2d_1.weight": kernel(conv),
    "conv2d_1.bias": bias,
    "separable_conv2d_1.depthwise.weight": depthwise(conv[..., :1]),
    "separable_conv2d_1.pointwise.weight": kernel(stored["separable_conv2d_1"]["separable_conv2d_1/pointwise_kernel:0"]),
    "separable_conv2d_1.pointwise.bias": stored["separable_conv2d_1"]["separable_conv2d_1/bias:0"],
    "depthwise_conv2d_1.weight": depthwise(conv),
    "old.weight": kernel(conv),
    "old.bias": bias,
    **{
        f"old_bn.{(roles | names)[key]}": stored["old_bn"][f"old_bn_{key}:0"]
        for key in ("gamma", "beta", "running_mean", "running_std")
    },
}
types = {"f2": "F16", "f4": "F32", "f8": "F64"}
read |= {f"{name}.weight": (values.T, types[values.dtype.str[1:]]) for name, (values, _) in ways.items()}
read |= {
    "unwritten.weight": np.zeros((3, 4)),
    "filled.weight": np.full((3, 4), 1.5),
    "holes.weight": np.array([[0, 0, 1, 1]] * 3),
    "compact.bias": bias,
}
stored |= {"unwritten": {}, "filled": {}, "holes": {}, "compact": {}}


def texts(names):
    return np.array([name.encode() for name in names], dtype="S")


def legacy(file, order, lists=1, **more):
    with h5py.File(folder / file, "w", **more) as weights:
        for i, part in enumerate(np.array_split(order, lists)):
            weights.attrs[f"layer_names{i if lists > 1 else ''}"] = texts(part)
        weights.attrs["backend"] = b"tensorflow"
        weights.attrs["keras_version"] = b"2.15.0"
        for layer in order:
            inside = stored[layer]
            group = weights.create_group(layer)
            for path, values in inside.items():
                group.create_dataset(path, data=values, **ways.get(layer, (None, {}))[1])
            if layer in ("unwritten", "filled"):
                group.create_dataset("kernel:0", (4, 3), "f4", fillvalue=1.5 if layer == "filled" else None)
            elif layer == "holes":
                group.create_dataset("kernel:0", (4, 3), "f4", chunks=(2, 3))[2:] = 1
            elif layer == "compact":
                plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                plist.set_layout(h5py.h5d.COMPACT)
                space = h5py.h5s.create_simple(bias.shape)
                one = h5py.h5d.create(group.id, b"bias:0", h5py.h5t.IEEE_F32LE, space, plist)
                one.write(h5py.h5s.ALL, h5py.h5s.ALL, bias)
            group.attrs["weight_names"] = texts(list(inside) or [next(iter(group))])
    expected.add(file, {name: one for name, one in read.items() if name.split(".")[0] in order})


legacy("legacy.h5", list(stored))
legacy("lists.h5", list(stored)[3:8], lists=3)
# Headers as HDF5 has them since 1.8.
legacy("newer.h5", [*list(stored)[3:8], "big"], libver="latest")

# What leads elsewhere, or is packed in a way that is not undone.
with h5py.File(folder / "refused.h5", "w") as weights:
    pool = weights.create_group("refused")
    (folder / "secret.bin").write_bytes(b"this is not for anybody!")
    pool.create_dataset("external:0", (6,), "f4", external=[("secret.bin", 0, 24)])
    layout = h5py.VirtualLayout((6,), "f4")
    layout[:] = h5py.VirtualSource("legacy.h5", "compact/bias:0", shape=(6,))[:]
    pool.create_virtual_dataset("virtual:0", layout)
    pool.create_dataset("lzf:0", data=numbers(64, 4), compression="lzf")
    pool.create_dataset("whole:0", data=np.arange(4))
    pool.create_dataset("texts:0", data=texts(["a", "b"]))
    pool.create_dataset("plain:0", data=bias)
    weights["a type"] = np.dtype("f4")
    pool.create_dataset("compound:0", data=np.zeros(2, dtype=[("re", "f4"), ("im", "f4")]))
    pool.attrs["weight_names"] = texts(list(pool))
    weights.attrs["layer_names"] = texts(["refused"])
(folder / "secret.bin").unlink()
expected.add("refused.h5", {"refused.plain": bias})
for file, link in {
    "soft.h5": h5py.SoftLink("/elsewhere"),
    "outside.h5": h5py.ExternalLink("legacy.h5", "/compact"),
}.items():
    with h5py.File(folder / file, "w") as weights:
        weights["compact"] = link
        weights.attrs["layer_names"] = texts(["compact"])
with h5py.File(folder / "many.h5", "w", libver="latest") as weights:
    for i in range(9):
        weights.create_group(f"layer{i}")
    weights.attrs["layer_names"] = texts(list(weights))
with h5py.File(folder / "listed.h5", "w", libver="latest") as weights:
    weights.create_dataset("fc/kernel:0", data=dense, chunks=(2, 2))
    weights["fc"].attrs["weight_names"] = texts(["kernel:0"])
    weights.attrs["layer_names"] = texts(["fc"])
with h5py.File(folder / "attributes.h5", "w", libver="latest") as weights:
    for i in range(9):
        weights.attrs[f"attribute{i}"] = i
    weights.attrs["layer_names"] = texts(["fc"])
with h5py.File(folder / "theano.h5", "w") as weights:
    weights.attrs["backend"] = b"theano"
    weights.attrs["layer_names"] = texts(["conv"])
# bfloat16, for which HDF5 has no type before 2.0: Keras writes opaque bytes, and says so.
halves = keras.Sequential([layers.Input((2,)), layers.Dense(3, name="fc", dtype="bfloat16")])
halves.set_weights([numbers(*one.shape) for one in halves.get_weights()])
halves.save_weights(folder / "halves.weights.h5")
values = [one.value.detach().float().numpy() for one in halves.weights]
expected.add("halves.weights.h5", {"fc.weight": values[0].T, "fc.bias": values[1]}, "BF16")

with h5py.File(folder / "foreign.h5", "w") as weights:
    weights["a"] = bias

expected.write()
