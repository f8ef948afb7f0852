"""What the carried folder holds: networks with their graphs, as `manifest.json` lists them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

TIMED = ("googlenet-f16", "inception-v3-f16")
BATCHES = (1, 8, 64, 256)
"""What is timed, for how many images at once."""

TOLERANCES = {"f32": 1e-5, "tf32": 2e-3, "f16": 4e-3, "bf16": 3e-2}
"""Largest relative L2 difference from the float64 reference, by precision."""

LONG_SUM = 4096
"""Terms of a sum above which f32 may differ by more: rounding errors grow with their root."""


def tolerance_of(precision: str, graph: Mapping[str, Any]) -> float:
    """The tolerance for a network: its longest sum counts where nothing else rounds as coarsely."""
    if precision != "f32":
        return TOLERANCES[precision]
    longest = max((each["fanIn"] for each in graph["parameters"]), default=0)
    return TOLERANCES[precision] * math.sqrt(max(1.0, longest / LONG_SUM))


@dataclass(frozen=True)
class Entry:
    """One library: a network in a precision."""

    id: str
    name: str
    precision: str
    max_batch: int
    kind: str
    """`example` or `random`."""
    graph_file: Path
    convolutions_file: Path
    """Where each convolution's x and y lie in the arena."""

    def graph(self) -> dict[str, Any]:
        """The graph as written, before any of the compiler's passes."""
        return json.loads(self.graph_file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Carried:
    """The folder and what it lists."""

    folder: Path
    inceptc: str
    networks: tuple[Entry, ...]

    def library(self, form: str, entry: Entry) -> Path:
        """Where the build of a form (`cuda`, `sim`) puts a network."""
        return self.folder / "build" / form / "lib" / f"lib{entry.id}.so"

    def named(self, ids: list[str]) -> list[Entry]:
        return [entry for entry in self.networks if entry.id in ids]


def read_carried(folder: Path) -> Carried:
    """Reads `manifest.json`; FileNotFoundError where the folder is not ours."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entries = tuple(
        Entry(
            id=each["id"],
            name=each["name"],
            precision=each["precision"],
            max_batch=each["maxBatch"],
            kind=each["kind"],
            graph_file=folder / each["graph"],
            convolutions_file=folder / each["convolutions"],
        )
        for each in manifest["networks"]
    )
    return Carried(folder, manifest["inceptc"], entries)
