"""
Which convolutions cuDNN takes as they lie: in a concatenation, a value's pixels stand further apart
than they are long. Compares where each lies (convolutions.json) with incept_report().

A line of the report is `batch 8, inception_3a.b1: dense y and a copy, engine 34 (tensor cores), no
workspace`; what stands before `engine` says how native/cuda/convolution.cu went about it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, Mapping

from carried import Entry

LINE = re.compile(r"^batch (\d+), (.*?): (.*)$")


def ways_of(report: list[str], convolutions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each convolution and batch size: how it lies, and how it was taken."""
    by_paths = {each["paths"]: each for each in convolutions}
    rows = []
    for match in filter(None, map(LINE.match, report[1:])):
        batch, paths, method = match.groups()
        conv = by_paths.get(paths)
        if conv is None:
            continue
        rows.append(
            {
                "batch": int(batch),
                "paths": paths,
                "kernel": conv["kernel"],
                "strided_x": _strided(conv["x"]),
                "strided_y": _strided(conv["y"]),
                "copied_x": "dense copy of x" in method,
                "copied_y": "dense y and a copy" in method,
                "apart": "bias and activation apart" in method,
            }
        )
    return rows


def table(entries: Mapping[str, Entry], results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Convolutions of all networks and batch sizes by precision, kernel and how they lie: how many
    were taken so, and how many by way of a dense copy of x or y, or with bias and activation apart.
    """
    counts: dict[tuple[str, str, bool, bool], Counter[str]] = {}
    for result in results:
        entry = entries[result["id"]]
        convolutions = json.loads(entry.convolutions_file.read_text(encoding="utf-8"))
        for row in ways_of(result.get("report", []), convolutions):
            key = (entry.precision, row["kernel"], row["strided_x"], row["strided_y"])
            count = counts.setdefault(key, Counter())
            count["layers"] += 1
            count["as_it_lies"] += not (row["copied_x"] or row["copied_y"])
            for name in ("copied_x", "copied_y", "apart"):
                count[name] += row[name]
    names = ("layers", "as_it_lies", "copied_x", "copied_y", "apart")
    return [
        {
            "precision": precision,
            "kernel": kernel,
            "strided_x": x,
            "strided_y": y,
            **{name: count[name] for name in names},
        }
        for (precision, kernel, x, y), count in sorted(counts.items())
    ]


def _strided(place: Mapping[str, int]) -> bool:
    return place["pitch"] > place["channels"]
