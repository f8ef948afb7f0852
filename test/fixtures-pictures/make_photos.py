"""Writes photos.json: what torchvision and PIL make of the photographs of the shared data.

    python make_photos.py FOLDER

FOLDER holds the photographs, which are not in the repository; examples/photos is added to them. For
each: FNV-1a hashes of the bytes, plane by plane, by the recipe `resize height width interpolation`.
Needs pillow, numpy and torchvision.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from make_grid import fnv, prepared

HERE = Path(__file__).resolve().parent
RECIPES = [
    (256, 224, 224, "bilinear"), (256, 224, 224, "bicubic"), (333, 299, 299, "bicubic"),
    (342, 299, 299, "bilinear"), (32, 32, 32, "bilinear"), (0, 299, 299, "nearest"), (0, 224, 224, "bilinear"),
]


def main(folder):
    photos = {}
    files = [*Path(folder).iterdir(), *(HERE.parents[1] / "examples" / "photos").iterdir()]
    for file in sorted(file for file in files if file.suffix in (".jpg", ".png")):
        image = ImageOps.exif_transpose(Image.open(file))
        photos[file.name] = {
            " ".join(map(str, recipe)): fnv(np.ascontiguousarray(prepared(image, *recipe, "rgb")).tobytes())
            for recipe in RECIPES
        }
    (HERE / "photos.json").write_text(json.dumps(photos, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
