"""Writes grid.txt: what torchvision and PIL make of pictures of many sizes, kinds and recipes.

    python make_grid.py

A row a case, words between blanks:

    width height kind orientation resize height width interpolation order hash

The picture's samples are `sample(...)` below, which test/native/picture.hpp has too. It is turned
upright (`ImageOps.exif_transpose`), converted to RGB or L, resized and cropped to height x width
(`Resize`, `CenterCrop`; a resize of 0 stretches, `Image.resize`), and its bytes are hashed plane by
plane in `order`. Needs pillow, numpy and torchvision.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from torchvision import transforms

HERE = Path(__file__).resolve().parent
MODES = {"grey": "L", "grey-alpha": "LA", "rgb": "RGB", "rgb-alpha": "RGBA", "cmyk": "CMYK"}
CHANNELS = {"grey": 1, "grey-alpha": 2, "rgb": 3, "rgb-alpha": 4, "cmyk": 4}
FILTERS = {
    "nearest": transforms.InterpolationMode.NEAREST,
    "bilinear": transforms.InterpolationMode.BILINEAR,
    "bicubic": transforms.InterpolationMode.BICUBIC,
}


def samples(width, height, channels):
    """Noise; every third row is black and white, so that bicubic overshoots."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels].astype(np.uint32)
    h = x * np.uint32(2654435761) ^ y * np.uint32(2246822519) ^ c * np.uint32(3266489917)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(2246822519)
    h = (h ^ (h >> np.uint32(13))) >> np.uint32(24)
    return np.where(y % 3 == 2, (h > 127) * np.uint32(255), h).astype(np.uint8)


def fnv(data):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in bytes(data):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def picture(width, height, kind, orientation):
    data = samples(width, height, CHANNELS[kind])
    image = Image.frombytes(MODES[kind], (width, height), data.tobytes())
    image.getexif()[0x112] = orientation
    return ImageOps.exif_transpose(image)


def prepared(image, resize, height, width, interpolation, order):
    image = image.convert("L" if order == "luma" else "RGB")
    if resize == 0:
        image = image.resize((width, height), getattr(Image.Resampling, interpolation.upper()))
    else:
        image = transforms.Resize(resize, FILTERS[interpolation])(image)
        image = transforms.CenterCrop((height, width))(image)
    planes = np.atleast_3d(np.asarray(image)).transpose(2, 0, 1)
    return planes[::-1] if order == "bgr" else planes


def cases():
    sides = [(1, 1), (1, 9), (9, 1), (2, 3), (5, 7), (7, 5), (8, 8), (12, 16), (16, 12), (17, 31),
             (31, 17), (33, 32), (3, 100), (100, 3), (61, 83), (640, 427), (427, 640), (1000, 1)]
    recipes = [(4, 4, 4), (5, 4, 4), (7, 4, 5), (8, 3, 5), (12, 7, 12), (17, 16, 16), (32, 1, 9),
               (0, 6, 9), (0, 9, 6), (0, 17, 31), (0, 1, 1)]
    kinds = list(CHANNELS)
    orders = ["rgb", "bgr", "luma"]
    i = 0
    for width, height in sides:
        for recipe in recipes:
            for interpolation in FILTERS:
                i += 1
                yield (width, height, kinds[i % 5], 1 + i % 8, *recipe, interpolation, orders[i // 5 % 3])
    for width, height in [(640, 427), (427, 640), (500, 375), (256, 300), (300, 224), (224, 224)]:
        for interpolation in FILTERS:
            yield (width, height, "rgb", 1, 256, 224, 224, interpolation, "rgb")
            yield (width, height, "rgb", 1, 0, 224, 224, interpolation, "rgb")
    # One output pixel of nearest falls past the last source pixel, and stays black.
    for interpolation in FILTERS:
        yield (65000, 1, "rgb", 1, 16, 16, 16, interpolation, "rgb")
        yield (1, 65000, "rgb", 1, 16, 16, 16, interpolation, "rgb")


def main():
    rows = []
    for case in cases():
        width, height, kind, orientation, resize, tall, wide, interpolation, order = case
        planes = prepared(picture(width, height, kind, orientation), resize, tall, wide, interpolation, order)
        rows.append(" ".join([*map(str, case), fnv(np.ascontiguousarray(planes).tobytes())]))
    (HERE / "grid.txt").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
