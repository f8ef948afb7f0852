"""Writes what independent implementations make of the family's networks: NAME.json for each below.

    python make_family.py [--out FOLDER] [--zoo FOLDER] [NAME ...]

Implementations are torchvision's and timm's; written.py and ../training/torch_networks.py have in plain
PyTorch what those lack. Each is filled with numbers that test/support/family.ts makes, too, and run on one
image, in float64 and, in two ways, in float32. Weights are uniform in +-gain * sqrt(6 / fan_in), factors
and running variances in 0.8 .. 1.25, biases, offsets and running means in +-0.3: nothing is 0 or 1, so that
what is left out, or changes places, shows. `gain` keeps sums of many blocks from growing: the standard
deviation of each stage is asserted to lie within 0.1 and 10. A file holds

    spec        the spec, from the repository's root
    replaced    what is written in it otherwise: texts and what stands in their place
    seed, gain  what the numbers are made of
    parameters  learned numbers, and
    macs        multiply-adds of an image's convolutions and linears, as hooks count them, both of the
                whole, with auxiliary heads, and without them
    stages      by the spec's path, what sketches.py keeps of the output

Needs torch, torchvision, timm, onnx and numpy, no weights.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training"))

# A torchvision whose compiled operators do not fit this torch fails to import unless some of their
# names are known. The classification networks use none of them.
library = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, operator):
        library.define(f"{operator}(Tensor boxes, Tensor scores, float threshold) -> Tensor")

import timm  # noqa: E402
from torchvision import models  # noqa: E402

import generated  # noqa: E402
import torch_networks  # noqa: E402
import written  # noqa: E402
import zoo  # noqa: E402
from sketches import record  # noqa: E402


def names(text, prefix=""):
    """Stages that a module has the name of; `stage=module` where it has another."""
    pairs = [word.partition("=") for word in text.split()]
    return {stage: prefix + (module or stage) for stage, _, module in pairs}


def numbered(stage, module, count):
    """The steps of a chain or a repeat: `stage.0=module.0` and so on."""
    return {f"{stage}.{i}": f"{module}.{i}" for i in range(count)}


GOOGLENET = (
    "conv_1 conv_2 inception_3a inception_3b pool_3 inception_4a inception_4b inception_4c inception_4d "
    "inception_4e pool_4 inception_5a inception_5b loss_1.5=loss_1 loss_2.5=loss_2 prob.2=classifier"
)

# Of each: how it is built, its input, and its module for each stage of the spec. A stage that is a module's
# output and a rectifier behind it is in RECTIFIED.
NETWORKS = {
    "alexnet": {
        "build": models.alexnet, "input": (3, 224, 224),
        "stages": names("conv_1=2 conv_2=5 conv_3=7 conv_4=9 conv_5=12", "features.")
        | names("fc_6=2 fc_7=5 logits=6", "classifier.")},
    "squeezenet": {
        "build": models.squeezenet1_1, "input": (3, 224, 224),
        "stages": names("conv1=1 maxpool1=2 fire2=3 fire3=4 maxpool3=5 fire4=6 fire5=7 maxpool5=8 "
                        "fire6=9 fire7=10 fire8=11 fire9=12", "features.") | {"logits": "classifier"}},
    "googlenet": {
        "build": torch_networks.GoogLeNet, "input": (3, 224, 224), "stages": names(GOOGLENET),
        "heads": ("loss_1", "loss_2")},
    "torchvision-googlenet": {
        "build": lambda: models.GoogLeNet(init_weights=False), "input": (3, 224, 224), "gain": 0.9,
        "stages": names("conv1 maxpool1 conv2 conv3 maxpool2 inception3a inception3b maxpool3 inception4a "
                        "inception4b inception4c inception4d inception4e maxpool4 inception5a inception5b "
                        "aux1 aux2 logits=fc"),
        "heads": ("aux1", "aux2")},
    "bn-inception": {
        "build": written.BNInception, "input": (3, 224, 224), "gain": 0.9,
        "stages": names("conv1=pool1 conv2=pool2 inception_3a inception_3b inception_3c inception_4a "
                        "inception_4b inception_4c inception_4d inception_4e inception_5a inception_5b "
                        "prob.1=loss3.classifier")},
    # The zoo's conversion of Caffe's network leaves the padding out of averages.
    "zoo-bn-inception": {
        "spec": "bn-inception/bn-inception", "zoo": "inception_v2.onnx", "input": (3, 224, 224), "gain": 0.9,
        "replaced": [["avgpool(3x3/1, pad: same)", "avgpool(3x3/1, pad: same, count_pad: false)"]],
        "stages": {f"inception_{stage}": f"concat.{i}"
                   for i, stage in enumerate("3a 3b 3c 4a 4b 4c 4d 4e 5a 5b".split())}
        | names("prob.1=loss3.classifier")},
    "ssd-inception": {
        "build": written.SSDInception, "input": (3, 320, 320), "gain": 0.9,
        "stages": names("inception_4d inception_5b extra_1 extra_2 extra_3 extra_4 "
                        + " ".join(f"boxes_{side} scores_{side}" for side in (20, 10, 5, 3, 2, 1)))},
    "inception-v3": {
        "build": lambda: models.Inception3(init_weights=False), "input": (3, 299, 299),
        "stages": names("Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 maxpool1 Conv2d_3b_1x1 Conv2d_4a_3x3 maxpool2 "
                        "Mixed_5b Mixed_5c Mixed_5d Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e Mixed_7a "
                        "Mixed_7b Mixed_7c AuxLogits logits=fc"),
        "heads": ("AuxLogits",)},
    "inception-v4": {
        "build": lambda: timm.create_model("inception_v4"), "input": (3, 299, 299),
        "stages": numbered("features", "features", 22) | names("logits=last_linear")},
    "inception-resnet-v1": {
        "build": written.InceptionResNetV1, "input": (3, 299, 299),
        "stages": names("conv2d_1a conv2d_2a conv2d_2b maxpool_3a conv2d_3b conv2d_4a conv2d_4b "
                        "mixed_6a mixed_7a logits")
        | numbered("blocks_35", "repeat_1", 5) | numbered("blocks_17", "repeat_2", 10)
        | numbered("blocks_8", "repeat_3", 5)},
    "inception-resnet-v2": {
        "build": lambda: timm.create_model("inception_resnet_v2"), "input": (3, 299, 299), "gain": 0.9,
        "stages": names("conv2d_1a conv2d_2a conv2d_2b maxpool_3a conv2d_3b conv2d_4a maxpool_5a mixed_5b "
                        "mixed_6a mixed_7a block8 conv2d_7b logits=classif")
        | numbered("blocks_35", "repeat", 10) | numbered("blocks_17", "repeat_1", 20)
        | numbered("blocks_8", "repeat_2", 9)},
    "xception": {
        "build": lambda: timm.create_model("legacy_xception"), "input": (3, 299, 299), "gain": 0.7,
        "stages": names("conv1=act1 conv2=act2 block1 block2 block3 block4 block5 block6 block7 block8 block9 "
                        "block10 block11 block12 conv3=act3 conv4=act4 logits=fc")},
    "resnet-50": {
        "build": models.resnet50, "input": (3, 224, 224), "gain": 0.7,
        "stages": names("conv1=relu maxpool layer1.0 layer1.1 layer1.2 layer2.0 layer2.1 layer2.2 layer2.3 "
                        "layer3.0 layer3.1 layer3.2 layer3.3 layer3.4 layer3.5 layer4.0 layer4.1 layer4.2 "
                        "logits=fc")},
    "densenet-121": {
        "build": models.densenet121, "input": (3, 224, 224),
        "stages": names("conv0=relu0 pool0 denseblock1 transition1 denseblock2 transition2 denseblock3 "
                        "transition3 denseblock4 norm5", "features.") | {"logits": "classifier"}},
    "mobilenet-v2": {
        "build": models.mobilenet_v2, "input": (3, 224, 224), "gain": 0.85,
        "stages": names("conv1=0 " + " ".join(f"block{i}={i}" for i in range(1, 18)) + " conv2=18", "features.")
        | {"logits": "classifier"}},
    "shufflenet-v2": {
        "build": models.shufflenet_v2_x1_0, "input": (3, 224, 224), "gain": 0.8,
        "stages": names("conv1 maxpool conv5 logits=fc") | numbered("stage2", "stage2", 4)
        | numbered("stage3", "stage3", 8) | numbered("stage4", "stage4", 4)},
    "unet": {
        "build": written.UNet, "input": (3, 128, 128),
        "stages": names("down1 down2 down3 down4 middle up4 up3 up2 up1 logits")},
    "simple-inception": {
        "build": torch_networks.SimpleInception, "input": (3, 32, 32),
        "stages": names("conv1 inception1 logits=fc")},
    "cifar-inception": {
        "build": torch_networks.CifarInception, "input": (3, 32, 32),
        "stages": names("stem inception_1 inception_2a inception_2b inception_3a inception_3b prob.2=classifier")},
    "naive": {
        "spec": "inception-module/naive", "build": written.naive_modules, "input": (1, 28, 28),
        "stages": names("stem inception_1 inception_2 pool_2 inception_3 inception_4 prob.1=classifier")},
    "reduced": {
        "spec": "inception-module/reduced", "build": written.reduced_modules, "input": (1, 28, 28),
        "stages": names("stem inception_1 inception_2 pool_2 inception_3 inception_4 prob.1=classifier")},
}

RECTIFIED = {("densenet-121", "norm5")}
SEED = 1


def parameter(seed, gain, name, shape, norm):
    """The numbers of a parameter or running statistic."""
    if name.endswith(".running_var") or (norm and name.endswith(".weight")):
        low, high = 0.8, 1.25
    elif name.endswith(".weight"):
        high = gain * np.sqrt(6 / np.prod(shape[1:]))
        low = -high
    else:
        low, high = -0.3, 0.3
    return generated.uniform(f"{seed}:{name}", int(np.prod(shape)), low, high).reshape(shape)


def fill(net, seed, gain):
    norms = {name for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
    net.load_state_dict({
        name: torch.from_numpy(parameter(seed, gain, name, tuple(value.shape), name.rpartition(".")[0] in norms))
        for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")
    }, strict=False)
    return net.eval()


def heads_of(net, given, kept):
    """In evaluation the libraries leave their auxiliary heads out: here they are run on what they read."""
    reads = {"aux1": "inception4a", "aux2": "inception4d", "AuxLogits": "Mixed_6e"}
    for head in given.get("heads", ()):
        if head not in kept:
            net.get_submodule(head)(kept[reads[head]])


def run(name, given, net, image, dtype, plain):
    """Every module's output that is wanted, as float64, by the spec's stage."""
    kept, hooks = {}, []

    def keep(module):
        # A module behind may change it in place.
        return lambda _module, _inputs, output: kept.__setitem__(module, output.clone())

    for module in set(given["stages"].values()):
        hooks.append(net.get_submodule(module).register_forward_hook(keep(module)))
    with torch.no_grad(), torch.backends.mkldnn.flags(enabled=not plain):
        net.to(dtype)(image.to(dtype))
        heads_of(net, given, kept)
    for hook in hooks:
        hook.remove()
    rectified = {module for of, module in RECTIFIED if of == name}
    return {
        stage: (F.relu(kept[module]) if stage in rectified else kept[module]).double().numpy().ravel()
        for stage, module in given["stages"].items()
    }


def counted(net, given, image):
    """Learned numbers and multiply-adds: (without the heads, with them)."""
    macs = {}

    def count(name):
        def hook(module, inputs, output):
            each = np.prod(module.weight.shape[1:])
            # A transposed convolution multiplies each number that it reads with all that it gives.
            met = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
            macs[name] = int(met.numel() * each)
        return hook

    layers = {name: m for name, m in net.named_modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)}
    hooks = [layer.register_forward_hook(count(name)) for name, layer in layers.items()]
    kept = {}
    wanted = set(given["stages"].values())
    hooks += [net.get_submodule(m).register_forward_hook(lambda _m, _i, y, m=m: kept.__setitem__(m, y)) for m in wanted]
    with torch.no_grad():
        net(image)
        heads_of(net, given, kept)
    for hook in hooks:
        hook.remove()

    heads = tuple(f"{head}." for head in given.get("heads", ()))
    learned = {name: p.numel() for name, p in net.named_parameters()}

    def both(numbers):
        outside = sum(number for name, number in numbers.items() if not name.startswith(heads))
        return [outside, sum(numbers.values())] if heads else [outside, outside]

    return both(learned), both(macs)


def fixture(name, given, models_of_zoo):
    gain = given.get("gain", 1)
    built = zoo.ZooNetwork(models_of_zoo / given["zoo"]) if "zoo" in given else given["build"]()
    net = fill(built, SEED, gain)
    image = torch.from_numpy(generated.uniform(f"{SEED}:image", int(np.prod(given["input"])), -2, 2))
    image = image.reshape(1, *given["input"])
    parameters, macs = counted(net, given, image)
    ways = [run(name, given, net, image, torch.float32, plain) for plain in (False, True)]
    exact = run(name, given, net, image, torch.float64, False)
    for stage, values in exact.items():
        assert 0.1 < values.std() < 10, f"{name}: {stage} has a standard deviation of {values.std():.3g}"
    stages = {stage: record(values, [way[stage] for way in ways]) for stage, values in exact.items()}
    deviations = [values.std() for values in exact.values()]
    print(f"{name}: {parameters} parameters, {macs} multiply-adds, deviations {min(deviations):.2f} to "
          f"{max(deviations):.2f}, float32 off by up to {max(row['distance'] for row in stages.values()):.1e}",
          flush=True)
    spec = given.get("spec", f"{name}/{name}")
    replaced = {"replaced": given["replaced"]} if "replaced" in given else {}
    return {"spec": f"examples/{spec}.incept", **replaced, "seed": SEED, "gain": gain, "parameters": parameters, "macs": macs,
            "stages": stages}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)}")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--zoo", type=Path, help="onnx/backend/test/data/light, for the networks of the zoo")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or NETWORKS:
        if "zoo" in NETWORKS[name] and options.zoo is None:
            print(f"{name}: left out, without --zoo", flush=True)
            continue
        made = fixture(name, NETWORKS[name], options.zoo)
        stages = ",\n".join(f"  {json.dumps(key)}: {json.dumps(row)}" for key, row in made.pop("stages").items())
        head = json.dumps(made)[:-1]
        (options.out / f"{name}.json").write_text(f'{head}, "stages": {{\n{stages}\n}}}}\n')


if __name__ == "__main__":
    main()
