"""Writes the names and shapes of the state dicts that specs have to match, as PyTorch's users have them.

    python make_state_dicts.py

One JSON object a network, {"Conv2d_1a_3x3.conv.weight": [32, 3, 3, 3], ...}, in the state dict's
order; `num_batches_tracked` is left out, as inceptc ignores it. Needs torch, torchvision and timm, no
weights.
"""

import json
from pathlib import Path

import torch

# A torchvision whose compiled operators do not fit this torch fails to import unless some of their
# names are known. The classification networks use none of them.
library = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, name):
        library.define(f"{name}(Tensor boxes, Tensor scores, float threshold) -> Tensor")

import timm  # noqa: E402
from torchvision import models  # noqa: E402

NETWORKS = {
    "torchvision-alexnet": lambda: models.alexnet(),
    "torchvision-squeezenet1_1": lambda: models.squeezenet1_1(),
    "torchvision-resnet50": lambda: models.resnet50(),
    "torchvision-densenet121": lambda: models.densenet121(),
    "torchvision-mobilenet_v2": lambda: models.mobilenet_v2(),
    "torchvision-shufflenet_v2_x1_0": lambda: models.shufflenet_v2_x1_0(),
    "torchvision-googlenet": lambda: models.googlenet(init_weights=False),
    "torchvision-inception_v3": lambda: models.inception_v3(init_weights=False),
    "timm-inception_v4": lambda: timm.create_model("inception_v4"),
    "timm-inception_resnet_v2": lambda: timm.create_model("inception_resnet_v2"),
    "timm-xception": lambda: timm.create_model("legacy_xception"),
}


def main():
    for name, build in NETWORKS.items():
        with torch.device("meta"):
            net = build()
        shapes = {key: list(tensor.shape) for key, tensor in net.state_dict().items()
                  if not key.endswith("num_batches_tracked")}
        rows = ",\n".join(f"{json.dumps(key)}:{json.dumps(shape, separators=(',', ':'))}"
                          for key, shape in shapes.items())
        (Path(__file__).parent / f"{name}.json").write_text("{\n" + rows + "\n}\n")
        parameters = sum(p.numel() for p in net.parameters())
        print(f"{name}: {len(shapes)} tensors, {parameters:,} parameters")


if __name__ == "__main__":
    main()
