"""Writes cuts.txt: what torchvision makes of training pictures, cut and mirrored.

    python make_cuts.py

A row a case, words between blanks, those of grid.txt (see make_grid.py) with the cut before the hash:

    width height kind orientation resize height width interpolation order pad x y flip hash

The resized picture is padded by `pad` black pixels on each side (`pad` of torchvision's functional
transforms), a window of height x width is cut where `x` and `y` say, of the places that there are the one
that lies x, y 2^32ths on (`crop`), and it is mirrored where `flip` is 1 (`hflip`): RandomCrop(size,
padding) and RandomHorizontalFlip once their numbers are drawn.
"""

import random

import numpy as np
from torchvision import transforms
from torchvision.transforms import functional

from make_grid import CHANNELS, FILTERS, HERE, fnv, picture
from PIL import Image


def resized(image, resize, height, width, interpolation):
    if resize == 0:
        return image.resize((width, height), getattr(Image.Resampling, interpolation.upper()))
    return transforms.Resize(resize, FILTERS[interpolation])(image)


def cut(image, height, width, pad, x, y, flip):
    image = functional.pad(image, pad, fill=0)
    wide, tall = image.size
    image = functional.crop(
        image, y * (tall - height + 1) >> 32, x * (wide - width + 1) >> 32, height, width
    )
    return functional.hflip(image) if flip else image


def cases(draw):
    sides = [(1, 1), (1, 9), (9, 1), (5, 7), (8, 8), (12, 16), (31, 17), (32, 32), (61, 83), (100, 3)]
    recipes = [(4, 4, 4), (7, 4, 5), (12, 7, 12), (32, 32, 32), (0, 6, 9), (0, 17, 31)]
    kinds = list(CHANNELS)
    orders = ["rgb", "bgr", "luma"]
    edges = [0, 2**32 - 1]
    i = 0
    for width, height in sides:
        for recipe in recipes:
            for interpolation in FILTERS:
                i += 1
                pad = [0, 1, 4, 40][i % 4]
                x, y = (draw.choice([*edges, draw.getrandbits(32), draw.getrandbits(32)]) for _ in "xy")
                shape = (width, height, kinds[i % 5], 1 + i % 8, *recipe, interpolation, orders[i // 5 % 3])
                yield (*shape, pad, x, y, i // 2 % 2)
    # As CIFAR is trained: every word is another place.
    for _ in range(120):
        where = (draw.getrandbits(32), draw.getrandbits(32), draw.getrandbits(1))
        yield (32, 32, "rgb", 1, 32, 32, 32, "bilinear", "rgb", 4, *where)


def main():
    rows = []
    for case in cases(random.Random(1)):
        width, height, kind, orientation, resize, tall, wide, interpolation, order, *own = case
        image = picture(width, height, kind, orientation).convert("L" if order == "luma" else "RGB")
        image = cut(resized(image, resize, tall, wide, interpolation), tall, wide, *own)
        planes = np.atleast_3d(np.asarray(image)).transpose(2, 0, 1)
        planes = planes[::-1] if order == "bgr" else planes
        rows.append(" ".join([*map(str, case), fnv(np.ascontiguousarray(planes).tobytes())]))
    (HERE / "cuts.txt").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
