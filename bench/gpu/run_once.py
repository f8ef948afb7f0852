"""Runs a network on a few images, without PyTorch: what compute-sanitizer watches."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from network import Network


def main() -> None:
    """`run_once.py LIBRARY GRAPH.json`: batches of 1 and 3, weights and images random."""
    graph = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    random = np.random.default_rng(1)
    weights = {}
    for each in graph["parameters"]:
        values = random.standard_normal(each["shape"], dtype=np.float32)
        if each["role"] == "running_var":
            values = np.abs(values) + 0.5
        weights[each["name"]] = values / max(1.0, each["fanIn"]) ** 0.5
    network = Network(Path(sys.argv[1]))
    with network.load(weights) as session:
        for batch in (1, 3):
            shape = (batch, *graph["input"]["shape"])
            outputs = session.run([random.standard_normal(shape, dtype=np.float32)])
            for name, value in outputs.items():
                if np.isnan(value).any():
                    raise SystemExit(f"{name} holds what is not a number")
    print("ran batches of 1 and 3")


if __name__ == "__main__":
    main()
