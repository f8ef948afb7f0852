"""Writes encoded/: small pictures of every kind that is decoded, and encoded.json with PIL's pixels.

    python make_encoded.py

encoded.json has for each file its upright size and the FNV-1a hashes of its pixels as PIL has them
after `ImageOps.exif_transpose` and `convert`: `rgb` (R, G, B side by side) and `luma`. Two kinds
are not PIL's, and `why` says what they are. Needs pillow and numpy.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from make_grid import fnv, samples

HERE = Path(__file__).resolve().parent / "encoded"
WIDTH, HEIGHT = 23, 17
FILES = {}


def smooth(channels, seed=0):
    """Gradients with some noise: what JPEG is made for, and no two channels alike."""
    y, x, c = np.mgrid[0:HEIGHT, 0:WIDTH, 0:channels]
    noise = samples(WIDTH, HEIGHT, channels) // 8
    return ((x * (7 + c) + y * (5 + 3 * c) + 60 * c + seed) % 224 + noise).astype(np.uint8)


RGB = Image.fromarray(smooth(3))
GREY = Image.fromarray(smooth(3)[..., 1])


def put(name, data, pixels=None, why=None):
    """`pixels` are the file's where PIL has others; else PIL is asked."""
    (HERE / name).write_bytes(data)
    image = Image.open(io.BytesIO(data)) if pixels is None else Image.fromarray(pixels)
    image = ImageOps.exif_transpose(image)
    FILES[name] = {
        "width": image.width,
        "height": image.height,
        "rgb": fnv(image.convert("RGB").tobytes()),
        "luma": fnv(image.convert("L").tobytes()),
        **({} if why is None else {"why": why}),
    }


def save(name, image, form=None, **options):
    buffer = io.BytesIO()
    image.save(buffer, form or name.rsplit(".", 1)[1].replace("jpg", "jpeg").replace("tif", "tiff"), **options)
    put(name, buffer.getvalue())
    return buffer.getvalue()


def png(samples16, colour):
    """A PNG of 16 bits, which PIL does not write in colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples16)
    header = struct.pack(">IIBBBBB", samples16.shape[1], samples16.shape[0], 16, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def tiff(data, photometric, order="<"):
    """An uncompressed TIFF of 16 bits."""
    height, width, channels = data.shape
    bits = struct.pack(order + "H" * channels, *[16] * channels)
    tags = [(256, 4, width), (257, 4, height), (258, 3, None), (259, 3, 1), (262, 3, photometric),
            (273, 4, None), (277, 3, channels), (278, 4, height), (279, 4, data.size * 2), (284, 3, 1)]
    start = 8 + 2 + 12 * len(tags) + 4
    text = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(tags))
    for tag, kind, value in tags:
        count = 1
        if tag == 258:
            count, value = channels, 16 if channels == 1 else start
        if tag == 273:
            value = start + len(bits)
        packed = struct.pack(order + "HH", value, 0) if kind == 3 and count == 1 else struct.pack(order + "I", value)
        text += struct.pack(order + "HHI", tag, kind, count) + packed
    return text + struct.pack(order + "I", 0) + bits + data.astype(order + "u2").tobytes()


def swapped_primaries():
    """sRGB with red and green exchanged: a profile that shows where it is applied."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[132 + 12 * i:136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, green = at[b"rXYZ"], at[b"gXYZ"]
    profile[red:red + 8], profile[green:green + 8] = profile[green:green + 8], profile[red:red + 8]
    return bytes(profile)


def jpegs(icc):
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        for progressive in (False, True):
            kind = "progressive" if progressive else "baseline"
            save(f"{name}-{kind}.jpg", RGB, quality=85, subsampling=subsampling, progressive=progressive)
    # Scrambled but valid pictures: told to have as many blocks as before, in another arrangement.
    for name, subsampling, sampling in (("440", 1, 0x12), ("411", 2, 0x41)):
        square = io.BytesIO()
        image = Image.fromarray(np.tile(smooth(3), (2, 2, 1))[:32, :32])
        image.save(square, "JPEG", quality=85, subsampling=subsampling)
        data = bytearray(square.getvalue())
        data[data.index(b"\xff\xc0") + 11] = sampling
        put(f"{name}.jpg", bytes(data))
    save("grey.jpg", GREY, quality=85)
    save("profile.jpg", RGB, quality=95, icc_profile=icc)
    cmyk = save("cmyk.jpg", Image.frombytes("CMYK", (WIDTH, HEIGHT), smooth(4).tobytes()), quality=95)
    at = cmyk.index(b"\xff\xee")
    length = struct.unpack(">H", cmyk[at + 2:at + 4])[0]
    put("cmyk-without-adobe.jpg", cmyk[:at] + cmyk[at + 2 + length:])
    save("cmyk-profile.jpg", Image.frombytes("CMYK", (WIDTH, HEIGHT), smooth(4).tobytes()), icc_profile=icc)


def pngs(icc):
    rng = np.random.default_rng(1)
    palette = RGB.quantize(19)
    save("rgb.png", RGB)
    save("rgb-alpha.png", Image.fromarray(smooth(4), "RGBA"))
    save("rgb-transparent.png", RGB, transparency=RGB.getpixel((3, 3)))
    save("grey.png", GREY)
    save("grey-alpha.png", Image.fromarray(smooth(2), "LA"))
    save("grey-transparent.png", GREY, transparency=GREY.getpixel((3, 3)))
    save("one-bit.png", GREY.convert("1"))
    save("palette.png", palette)
    save("palette-2-bits.png", RGB.quantize(4), bits=2)
    save("palette-transparent.png", palette, transparency=3)
    save("palette-alpha.png", palette, transparency=bytes([0, 128, 255, 3]))
    save("profile.png", RGB, icc_profile=icc)
    save("profile-grey.png", GREY, icc_profile=icc)
    save("profile-broken.png", RGB, icc_profile=b"nonsense" * 9)
    wide = rng.integers(0, 65536, (HEIGHT, WIDTH, 4))
    put("rgb-16.png", png(wide[..., :3], 2))
    put("rgb-alpha-16.png", png(wide, 6))
    put("grey-alpha-16.png", png(wide[..., :2], 4))
    put("grey-16.png", png(wide[..., :1], 0), (wide[..., 0] >> 8).astype(np.uint8),
        "the high byte; PIL makes 255 of all that is above it")


def others(icc):
    palette = RGB.quantize(19)
    alpha = Image.fromarray(smooth(4), "RGBA")
    second = Image.fromarray(smooth(3, 90))
    save("lossy.webp", RGB, quality=80)
    save("lossless.webp", RGB, lossless=True)
    save("alpha.webp", alpha, quality=80)
    save("alpha-lossless.webp", alpha, lossless=True, exact=True)
    save("animated.webp", RGB, lossless=True, save_all=True, append_images=[second])
    save("profile.webp", RGB, lossless=True, icc_profile=icc)
    save("palette.gif", palette)
    save("grey.gif", GREY)
    save("animated.gif", palette, save_all=True, append_images=[second.quantize(30)])
    buffer = io.BytesIO()
    palette.save(buffer, "GIF", transparency=3)
    pixels = np.asarray(palette.convert("RGB")) * (np.asarray(palette) != 3)[..., None]
    put("transparent.gif", buffer.getvalue(), pixels.astype(np.uint8),
        "black where it is transparent; PIL has the palette's colour there")
    for name, compression in (("raw", None), ("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"),
                              ("packbits", "packbits"), ("jpeg", "jpeg")):
        save(f"{name}.tif", RGB, compression=compression)
    save("alpha.tif", alpha)
    save("grey.tif", GREY)
    save("grey-alpha.tif", Image.fromarray(smooth(2), "LA"))
    save("one-bit.tif", GREY.convert("1"), compression="group4")
    save("palette.tif", palette)
    save("pages.tif", RGB, save_all=True, append_images=[second])
    save("profile.tif", RGB, icc_profile=icc)
    save("cmyk.tif", Image.frombytes("CMYK", (WIDTH, HEIGHT), smooth(4).tobytes()))
    wide = np.random.default_rng(2).integers(0, 65536, (HEIGHT, WIDTH, 4))
    put("rgb-16-little.tif", tiff(wide[..., :3], 2))
    put("rgb-16-big.tif", tiff(wide[..., :3], 2, ">"))
    put("cmyk-16.tif", tiff(wide, 5))
    put("grey-16.tif", tiff(wide[..., :1], 1), (wide[..., 0] >> 8).astype(np.uint8),
        "the high byte; PIL makes 255 of all that is above it")


def orientations():
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        save(f"orientation-{orientation}.jpg", RGB, quality=85, exif=exif)
    exif[0x112] = 6
    save("orientation-6.png", RGB, exif=exif)
    save("orientation-6.webp", RGB, lossless=True, exif=exif)
    save("orientation-6.tif", RGB, exif=exif)
    save("orientation-6-grey.jpg", GREY, quality=85, exif=exif)
    save("orientation-6-cmyk.jpg", Image.frombytes("CMYK", (WIDTH, HEIGHT), smooth(4).tobytes()), exif=exif)
    exif[0x112] = 9
    save("orientation-9.jpg", RGB, quality=85, exif=exif)


def main():
    HERE.mkdir(exist_ok=True)
    icc = swapped_primaries()
    jpegs(icc)
    pngs(icc)
    others(icc)
    orientations()
    rows = [f"  {json.dumps(name)}: {json.dumps(FILES[name])}" for name in sorted(FILES)]
    (HERE / "encoded.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
