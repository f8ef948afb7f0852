"""What is kept of a tensor that is too large to keep; test/support/sketch.ts compares with it."""

import base64

import numpy as np

import generated

# Numbers of a tensor that are kept, and sums of it.
KEPT = 16


def positions(count):
    """All of a small tensor, else places drawn from it."""
    return np.arange(count) if count <= KEPT else generated.mixed(count, KEPT).astype(np.int64) % count


def signs(count):
    """Row j: bit j of `mixed(count, count)`, 1 for a set one and -1 for the others."""
    bits = generated.mixed(count, count)
    for j in range(KEPT):
        yield ((bits >> np.uint32(j)) & np.uint32(1)).astype(np.float64) * 2 - 1


def distance(actual, expected):
    return float(np.linalg.norm(actual - expected) / max(np.linalg.norm(expected), 1e-300))


def encoded(values):
    return base64.b64encode(np.asarray(values, "<f8").tobytes()).decode()


def record(exact, ways):
    """Of a change in float64, and in float32 each way."""
    at = positions(len(exact))
    return {
        "count": len(exact),
        "norm": float(np.linalg.norm(exact)),
        "distance": max(distance(way, exact) for way in ways),
        "at": encoded(exact[at]),
        "atDistance": max(distance(way[at], exact[at]) for way in ways),
        "sketch": encoded([row @ exact for row in signs(len(exact))]),
    }
