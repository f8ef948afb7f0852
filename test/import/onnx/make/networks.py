"""Networks of torchvision and timm as PyTorch's two exporters write them, with seeded weights.

    python test/import/onnx/make/networks.py FOLDER [NAME ...]

writes FOLDER/NAME.onnx, skipping what is there. They are large and not kept in the repository;
`npm run judge:onnx -- FOLDER` reads them and holds each against ONNX Runtime. Made with torch 2.13,
torchvision 0.28, timm 1.0, onnx 1.23 and onnxscript 0.7.
"""

import pathlib
import sys
import traceback
import warnings

import torch

# A build of torchvision without its C++ operators asks for them while it is imported.
library = torch.library.Library("torchvision", "DEF")
for signature in (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
):
    try:
        library.define(signature)
    except RuntimeError:
        pass

import timm
import torchvision
from torchvision.models import segmentation

warnings.filterwarnings("ignore")
vision = torchvision.models


def tv(name, **more):
    return lambda: getattr(vision, name)(weights=None, **more)


def tm(name):
    return lambda: timm.create_model(name, pretrained=False)


networks = {
    "googlenet": (tv("googlenet", init_weights=False, aux_logits=False), 224),
    "googlenet_transform": (
        tv("googlenet", init_weights=False, aux_logits=False, transform_input=True),
        224,
    ),
    "inception_v3": (tv("inception_v3", init_weights=False, aux_logits=False), 299),
    "alexnet": (tv("alexnet"), 224),
    "squeezenet1_0": (tv("squeezenet1_0"), 224),
    "squeezenet1_1": (tv("squeezenet1_1"), 224),
    "densenet121": (tv("densenet121"), 224),
    "resnet18": (tv("resnet18"), 224),
    "resnet50": (tv("resnet50"), 224),
    "resnext50": (tv("resnext50_32x4d"), 224),
    "mobilenet_v2": (tv("mobilenet_v2"), 224),
    "mobilenet_v3_large": (tv("mobilenet_v3_large"), 224),
    "mobilenet_v3_small": (tv("mobilenet_v3_small"), 224),
    "shufflenet_v2": (tv("shufflenet_v2_x1_0"), 224),
    "vgg11_bn": (tv("vgg11_bn"), 224),
    "mnasnet": (tv("mnasnet1_0"), 224),
    "efficientnet_b0": (tv("efficientnet_b0"), 224),
    "regnet": (tv("regnet_y_400mf"), 224),
    "convnext_tiny": (tv("convnext_tiny"), 224),
    "timm_inception_v3": (tm("inception_v3"), 299),
    "timm_inception_v4": (tm("inception_v4"), 299),
    "timm_inception_resnet_v2": (tm("inception_resnet_v2"), 299),
    "timm_xception": (tm("xception"), 299),
    "timm_inception_next": (tm("inception_next_atto"), 224),
    "timm_resnetv2_gn": (tm("resnet50_gn"), 224),
    "timm_ghostnet": (tm("ghostnet_100"), 224),
    "lraspp": (
        lambda: Only(
            segmentation.lraspp_mobilenet_v3_large(
                weights=None, weights_backbone=None, num_classes=21
            )
        ),
        224,
    ),
    "fcn": (
        lambda: Only(
            segmentation.fcn_resnet50(weights=None, weights_backbone=None, num_classes=21)
        ),
        128,
    ),
}


class Only(torch.nn.Module):
    """Of a segmentation network the map alone."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)["out"]


def seeded(make):
    torch.manual_seed(7)
    network = make().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.1, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.8, 1.2)
            torch.nn.init.uniform_(module.weight, 0.8, 1.2)
            torch.nn.init.uniform_(module.bias, -0.1, 0.1)
    return network


def legacy(network, x, path, opset=17, dynamic=True, folded=True):
    axes = {"input": {0: "batch"}, "output": {0: "batch"}} if dynamic else None
    more = {} if folded else {"training": torch.onnx.TrainingMode.PRESERVE}
    torch.onnx.export(
        network, (x,), path, dynamo=False, opset_version=opset, dynamic_axes=axes,
        input_names=["input"], output_names=["output"], do_constant_folding=folded, **more,
    )


def dynamo(network, x, path, opset=18, dynamic=True, **more):
    shapes = ({0: torch.export.Dim("batch")},) if dynamic else None
    x = torch.cat([x, x]) if dynamic else x
    torch.onnx.export(
        network, (x,), path, dynamo=True, opset_version=opset, dynamic_shapes=shapes,
        external_data=False, verbose=False, **more,
    )


everywhere = {
    "legacy": lambda *to: legacy(*to),
    "legacy_fixed": lambda *to: legacy(*to, dynamic=False),
    "legacy_unfolded": lambda *to: legacy(*to, folded=False),
    "dynamo": lambda *to: dynamo(*to),
    "dynamo_fixed": lambda *to: dynamo(*to, dynamic=False),
}
opsets = {
    **{f"legacy_{v}": (lambda v: lambda *to: legacy(*to, opset=v))(v) for v in (9, 10, 11, 12, 13, 15, 20)},
    **{f"dynamo_{v}": (lambda v: lambda *to: dynamo(*to, opset=v))(v) for v in (20, 21, 22, 23)},
    "dynamo_plain": lambda *to: dynamo(*to, optimize=False),
}
of_all_opsets = ("googlenet", "mobilenet_v3_small", "shufflenet_v2")


def main(folder, *only):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rounds = [(way, name) for way in everywhere for name in networks]
    rounds += [(way, name) for way in opsets for name in of_all_opsets]
    for way, name in rounds:
        path = folder / f"{name}.{way}.onnx"
        if path.exists() or (only and name not in only):
            continue
        make, side = networks[name]
        try:
            export = everywhere.get(way) or opsets[way]
            part = path.with_suffix(".part")
            export(seeded(make), torch.rand(1, 3, side, side), str(part))
            part.rename(path)
            print("made", path.name, flush=True)
        except Exception:
            print("FAILED", path.name, traceback.format_exc(limit=-3), flush=True)


main(*sys.argv[1:])
