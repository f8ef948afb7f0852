"""
Compares networks with PyTorch: fresh inputs, poisoned outputs, several batch sizes.

Runs as a process of its own, which a lost GPU may take along: `check.py` starts it, reads a line
of JSON for each network, and starts it again with those that are left.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from carried import Carried, Entry, read_carried, tolerance_of
from network import InceptError, Session, Network
from results import most_allowed, passed, relative_l2, worst
from rounding import RoundedGraph
from torch_graph import TorchGraph
from weights import make_input, make_weights

CHUNK = 8
"""Images that the reference computes at once: float64 needs room."""

ROUNDINGS = 2.5
"""How many times what rounding alone comes to is allowed; seen on random networks: 1.9."""

MOST = 5.0
"""How many times the tolerance is allowed at most."""


def reference(judge: TorchGraph, x: torch.Tensor, device: str) -> dict[str, np.ndarray]:
    """The outputs by name, float64 on the host; x: f32 [batch, *shape]."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name, _ in judge.outputs}
    with torch.no_grad():
        for some in x.split(CHUNK):
            for name, value in judge(some.double().to(device)).items():
                parts[name].append(value.cpu().numpy())
    return {name: np.concatenate(each) for name, each in parts.items()}


class Judges:
    """A network in float64, and with every value rounded to its precision."""

    def __init__(self, entry: Entry, seed: int, device: str) -> None:
        self.graph, self.precision, self.device = entry.graph(), entry.precision, device
        self.tolerance = tolerance_of(entry.precision, self.graph)
        self.weights = make_weights(self.graph, seed, device)
        exact = {name: value.double() for name, value in self.weights.items()}
        self.exact = TorchGraph(self.graph, exact).to(device)

    def allowed(self, x: torch.Tensor, outputs: dict[str, np.ndarray]) -> dict[str, float]:
        """
        By output: the tolerance, or what rounding alone comes to where the weights and the input
        happen to enlarge it. `outputs`: float64, of this input.
        """
        rounding = RoundedGraph(self.graph, self.weights, self.precision).to(self.device)
        rough = reference(rounding, x, self.device)
        return {
            name: self.tolerance
            * min(MOST, max(1.0, ROUNDINGS * relative_l2(rough[name], value) / self.tolerance))
            for name, value in outputs.items()
        }


def compare(session: Session, judges: Judges, batch: int, seed: int) -> dict[str, Any]:
    """
    One batch: the relative L2 of every output, what is allowed, and whether a second run gives
    the same bits.
    """
    x = make_input(judges.graph, batch, seed)
    start = time.monotonic()
    outputs = session.run([x.numpy()])
    seconds = time.monotonic() - start
    again = session.run([x.numpy()]) if batch == 1 else outputs
    expected = reference(judges.exact, x, judges.device)
    apart = {name: relative_l2(outputs[name], expected[name]) for name in expected}
    allowed = {name: judges.tolerance for name in expected}
    if judges.precision != "f32" and max(apart.values()) > judges.tolerance:
        allowed = judges.allowed(x, expected)
    return {
        "batch": batch,
        "seconds": round(seconds, 4),
        "relative_l2": apart,
        "allowed": allowed,
        "unwritten": sum(int(np.isnan(value).sum()) for value in outputs.values()),
        "repeats": all(
            np.array_equal(outputs[name], again[name], equal_nan=True) for name in expected
        ),
    }


def batches_of(entry: Entry, listed: str) -> list[int]:
    """`1,3,5,max` for a network, each once and none above its largest."""
    named = [entry.max_batch if word == "max" else int(word) for word in listed.split(",")]
    return sorted({batch for batch in named if batch <= entry.max_batch})


def verify(carried: Carried, entry: Entry, form: str, listed: str, seed: int) -> dict[str, Any]:
    """One network, its result as the report wants it; never raises for what the network does."""
    device = "cuda" if form == "cuda" else "cpu"
    result: dict[str, Any] = {"id": entry.id, "precision": entry.precision, "batches": []}
    start = time.monotonic()

    def lap(name: str) -> None:
        nonlocal start
        result[f"{name}_seconds"] = round(time.monotonic() - start, 3)
        start = time.monotonic()

    try:
        judges = Judges(entry, seed, device)
        result["tolerance"] = judges.tolerance
        lap("reference")
        network = Network(carried.library(form, entry))
        weights = {name: value.numpy() for name, value in judges.weights.items()}
        with network.load(weights) as session:
            lap("load")
            result["report"] = session.report()
            for batch in batches_of(entry, listed):
                once = compare(session, judges, batch, seed + batch)
                result["batches"].append(once)
            lap("run")
    except InceptError as error:
        result["error"] = str(error)
        result["lost"] = error.code == "cuda/lost"
    except Exception as error:  # A network that fails in any way leaves the others to be checked.
        result["error"] = f"{type(error).__name__}: {error}"
    result["passed"] = passed(result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--form", choices=["cuda", "sim"], required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--batches", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument(
        "--until", type=float, required=True, help="time.time() to start none after"
    )
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    carried = read_carried(flags.folder)
    by_id = {entry.id: entry for entry in carried.networks}
    with flags.out.open("a", encoding="utf-8") as out:
        for id in flags.ids.split(","):
            if time.time() > flags.until:
                return
            result = verify(carried, by_id[id], flags.form, flags.batches, flags.seed)
            out.write(json.dumps(result) + "\n")
            out.flush()
            show(result)
            if result.get("lost"):
                return


def show(result: dict[str, Any]) -> None:
    """`✔ googlenet-f16  1, 3, 5, 256 images  1.2e-03 of 4.0e-03`"""
    mark = "✔" if result["passed"] else "✖"
    sizes = ", ".join(str(once["batch"]) for once in result["batches"])
    words = f"batch {sizes}: {worst(result):.1e}, allowed {most_allowed(result):.1e}"
    print(f"  {mark} {result['id']:<28} {result.get('error') or words}", flush=True)


if __name__ == "__main__":
    main()
