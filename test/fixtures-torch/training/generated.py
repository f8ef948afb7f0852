"""Numbers that need not be stored: the `random:SEED` of src/runtime/weights/random.ts, in numpy.

Element i of a name is `u(i) = (mix(fnv1a("SEED:NAME") + i * 0x9e3779b9) >> 8) * 2^-24`, all integers
modulo 2^32, spread over a range and rounded to f32. test/support/training-fixtures.ts makes the same.
"""

import numpy as np

GOLDEN = np.uint32(0x9E3779B9)


def fnv1a(text):
    """The 32-bit FNV-1a hash of the UTF-8 text."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def mixed(start, count):
    """The finaliser of MurmurHash3 of `start + i * golden` for i below `count`."""
    with np.errstate(over="ignore"):
        h = np.uint32(start & 0xFFFFFFFF) + np.arange(count, dtype=np.uint32) * GOLDEN
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        return h ^ (h >> np.uint32(16))


def uniform(text, count, low, high):
    """f32 numbers in [low, high)."""
    u = (mixed(fnv1a(text), count) >> np.uint32(8)) * 2.0**-24
    return (low + (high - low) * u).astype(np.float32)


def weight(seed, name, shape, norm):
    """What `random:SEED` gives a parameter; `norm` says that it is a norm's, not a map's."""
    if name.endswith(".running_var") or (norm and name.endswith(".weight")):
        low, high = 0.9, 1.1
    elif name.endswith(".weight"):
        high = np.sqrt(6 / np.prod(shape[1:]))
        low = -high
    else:
        low, high = -0.05, 0.05
    return uniform(f"{seed}:{name}", int(np.prod(shape)), low, high).reshape(shape)


def image(seed, name, batch, shape):
    """The images of a batch, counted from 0: N,C,H,W in [-2, 2)."""
    return uniform(f"{seed}:{name}:{batch}", int(np.prod(shape)), -2, 2).reshape(shape)


def labels(seed, output, batch, count, classes):
    """The classes of a batch's images."""
    return np.floor(uniform(f"{seed}:{output}:target:{batch}", count, 0, 1).astype(np.float64) * classes).astype(np.int64)
