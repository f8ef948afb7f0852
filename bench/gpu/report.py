"""The check's result as one JSON file and a short table of 80 columns."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Mapping

from results import most_allowed, worst

Result = Mapping[str, Any]
ENGINES = {"us": "us", "eager": "eager", "compiled": "compiled", "graphed": "graphed"}
COPIES = {"us_with_copies": "us", "graphed_with_copies": "graphed"}


def write(result: Result, folder: Path, results: Path | None) -> Path:
    """
    Writes beside and renames: `gpu-DATE-DEVICE.json` in `results`, if it is given and a GPU has
    shown something, else `result.json` in the carried folder.
    """
    gpu = result["machine"]["gpu"]
    if results is None or gpu is None or result["form"] == "sim":
        file = folder / "result.json"
    else:
        device = re.sub(r"[^a-z0-9]+", "-", gpu.lower()).strip("-")
        file = results / f"gpu-{result['date']}-{device}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)
    return file


def table(result: Result) -> str:
    parts = [_device(result), _phases(result), _correctness(result), _timing(result)]
    return "\n\n".join(part for part in [*parts, _strides(result)] if part)


def sentence(result: Result) -> str:
    """The last line: how it ended, with the reason."""
    bad = [
        f"{each['name']} ({each['why']})" for each in result["phases"] if each["state"] == "failed"
    ]
    if bad:
        return f"FAILED: {'; '.join(bad)}"
    if result["outcome"] == "no GPU":
        return (
            f"NO GPU: {result['machine']['why']}. All that needs none passed; "
            "correctness on a GPU and all timings are open."
        )
    return "passed in the simulator" if result["form"] == "sim" else "passed"


def _device(result: Result) -> str:
    m = result["machine"]
    gpu = (
        "no GPU"
        if m["gpu"] is None
        else f"{m['gpu']} (sm_{m['capability']}, {m['memory_gib']} GiB)"
    )
    where = "simulated GPU" if result["form"] == "sim" else gpu
    versions = [
        f"{title} {m[key]}"
        for title, key in [
            ("driver", "driver"),
            ("CUDA", "cuda"),
            ("cuDNN", "cudnn"),
            ("PyTorch", "torch"),
            ("triton", "triton"),
        ]
        if m[key]
    ]
    return (
        f"inceptc {result['inceptc']} on {where}\n{', '.join(versions)}\n"
        f"{result['date']}, seed {result['seed']}, {result['seconds']:.0f} s"
    )


def _phases(result: Result) -> str:
    rows = [
        [each["name"], each["state"], f"{each['seconds']:.0f} s", each["why"]]
        for each in result["phases"]
    ]
    return _columns(["phase", "state", "took", ""], rows)


def _correctness(result: Result) -> str:
    """A row for each example and precision, one for the random networks of each."""
    rows: dict[str, list[Any]] = {}
    for each in result.get("verify", []):
        precision = each["id"].rsplit("-", 1)[-1]
        random = each["id"].startswith("random-")
        name = f"random networks, {precision}" if random else each["id"]
        row = rows.setdefault(name, [0, 0, set(), 0.0, 0.0])
        row[0] += each["passed"]
        row[1] += 1
        row[2] |= {once["batch"] for once in each["batches"]}
        row[3] = max(row[3], worst(each))
        row[4] = max(row[4], most_allowed(each))
    return _columns(
        ["against PyTorch in float64", "passed", "batches", "relative L2", "allowed"],
        [
            [
                name,
                f"{good}/{all}",
                " ".join(map(str, sorted(sizes))) or "-",
                f"{l2:.1e}",
                f"{most:.1e}",
            ]
            for name, (good, all, sizes, l2, most) in rows.items()
        ],
    )


def _timing(result: Result) -> str:
    """Milliseconds a batch; in brackets how many times as long as ours."""
    times: dict[tuple[str, int], dict[str, float]] = {}
    for row in [*result.get("timing", []), *result.get("compile", [])]:
        if "engine" in row:
            times.setdefault((row["id"], row["batch"]), {})[row["engine"]] = row["ms"]
    rows, copies = [], []
    for (id, batch), each in sorted(times.items()):
        rows.append([id, str(batch), *(_beside(each, name, "us") for name in ENGINES)])
        copies.append([id, str(batch), *(_beside(each, name, "us_with_copies") for name in COPIES)])
    on = _columns(["ms on the device", "batch", *ENGINES.values()], rows)
    host = _columns(["ms with copies", "batch", *COPIES.values()], copies)
    return "\n\n".join(part for part in (on, host) if part)


def _beside(times: Mapping[str, float], name: str, ours: str) -> str:
    if name not in times:
        return "-"
    ratio = "" if name == ours or ours not in times else f" ({times[name] / times[ours]:.2f}x)"
    return f"{times[name]:.3f}{ratio}"


def _strides(result: Result) -> str:
    """Only what lies strided: the rest is no question."""
    rows = [
        [
            each["precision"],
            each["kernel"],
            _lies(each),
            str(each["layers"]),
            str(each["as_it_lies"]),
            str(each["copied_x"]),
            str(each["copied_y"]),
            str(each["apart"]),
        ]
        for each in result.get("strides", [])
        if each["strided_x"] or each["strided_y"]
    ]
    titles = [
        "convolutions",
        "kernel",
        "strided",
        "asked",
        "taken so",
        "copied x",
        "copied y",
        "apart",
    ]
    return _columns(titles, rows)


def _lies(row: Mapping[str, Any]) -> str:
    return " ".join(side for side in ("x", "y") if row[f"strided_{side}"])


def _columns(titles: list[str], rows: list[list[str]]) -> str:
    """Left-aligned columns, cut at 80; empty without rows."""
    if not rows:
        return ""
    all = [titles, *rows]
    widths = [max(len(row[i]) for row in all) for i in range(len(titles))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip() for row in all]
    return "\n".join(line if len(line) <= 80 else line[:77] + "..." for line in lines)
