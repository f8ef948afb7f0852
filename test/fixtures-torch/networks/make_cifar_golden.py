"""Writes what PyTorch says of the photographs in the repository with cifar-inception's weights.

    python make_cifar_golden.py

`cifar-inception.safetensors`, for the photographs in the order of the metadata's `photos`:
`image_rgb_u8`, resized and cropped as the spec's `image(...)` says, by Pillow (bilinear,
antialiased); `image`, those normalised; `prob`, in float64. Needs torch, pillow and safetensors.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES / "cifar-inception"))
from train import MEAN, STD, CifarInception  # noqa: E402

PHOTOS = ["chelsea-face.jpg", "chelsea.jpg", "coffee.jpg"]


def centre(path, side=32):
    photo = Image.open(path).convert("RGB")
    short = min(photo.size)
    photo = photo.resize((side * photo.width // short, side * photo.height // short), Image.BILINEAR)
    left, top = round((photo.width - side) / 2), round((photo.height - side) / 2)
    return torch.from_numpy(np.array(photo.crop((left, top, left + side, top + side))))


def main():
    net = CifarInception()
    net.load_state_dict(load_file(EXAMPLES / "cifar-inception" / "cifar-inception.safetensors"), strict=False)
    pixels = torch.stack([centre(EXAMPLES / "photos" / name) for name in PHOTOS])
    image = (pixels.permute(0, 3, 1, 2).float() / 255 - MEAN) / STD
    with torch.no_grad():
        prob = net.double().eval()(image.double()).softmax(1)
    tensors = {"image_rgb_u8": pixels, "image": image.contiguous(), "prob": prob}
    save_file(tensors, HERE / "cifar-inception.safetensors", {"photos": json.dumps(PHOTOS)})
    for name, row in zip(PHOTOS, prob):
        print(name, *(f"{p:.4f}" for p in row))


if __name__ == "__main__":
    main()
