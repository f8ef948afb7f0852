"""compute-sanitizer over our own kernels: a short run of small networks under each of its tools."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from build import find_cuda_tool
from carried import Carried, Entry
from environment import library_environment

TOOLS = ("memcheck", "racecheck", "synccheck", "initcheck")


def find_sanitizer() -> str | None:
    return shutil.which("compute-sanitizer") or find_cuda_tool("compute-sanitizer")


def choose(entries: list[Entry]) -> list[Entry]:
    """Two random networks: of two precisions, those with the most kinds of layers."""

    def kinds(entry: Entry) -> int:
        return len({node["primitive"] for node in entry.graph()["nodes"]})

    chosen: list[Entry] = []
    for entry in sorted(
        (each for each in entries if each.kind == "random"), key=kinds, reverse=True
    ):
        if all(entry.precision != other.precision for other in chosen):
            chosen.append(entry)
    return chosen[:2]


def sanitize(carried: Carried, entries: list[Entry], until: float) -> list[dict[str, Any]]:
    """A row for each tool and network; `until` is the time.time() at which none is begun."""
    tool = find_sanitizer()
    assert tool is not None
    rows = []
    for entry in choose(entries):
        for name in TOOLS:
            left = until - time.time()
            if left < 5:
                rows.append({"id": entry.id, "tool": name, "state": "not run", "why": "time"})
                continue
            rows.append(_one(tool, name, carried, entry, left))
            print(f"  {rows[-1]['state']:<8} {name} {entry.id}", flush=True)
    return rows


def _one(tool: str, name: str, carried: Carried, entry: Entry, limit: float) -> dict[str, Any]:
    library = carried.library("cuda", entry)
    script = Path(__file__).with_name("run_once.py")
    run = [sys.executable, str(script), str(library), str(entry.graph_file)]
    row: dict[str, Any] = {"id": entry.id, "tool": name}
    start = time.monotonic()
    try:
        done = subprocess.run(
            [tool, "--tool", name, "--error-exitcode", "86", *_flags(name), *run],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit,
            env=library_environment(),
        )
    except subprocess.TimeoutExpired:
        return {**row, "state": "not run", "why": f"longer than {limit:.0f} s"}
    output = done.stdout + done.stderr
    row["seconds"] = round(time.monotonic() - start, 1)
    row["state"], row["summary"] = verdict(name, done.returncode, output)
    if row["state"] == "failed":
        row["output"] = output[-4000:]
    return row


def _flags(name: str) -> list[str]:
    """
    Only kernels of the namespace incept::cuda are watched: the vendor's are not for us to judge.
    initcheck must see who writes, so it watches all, and what it says of others is left out.
    """
    if name == "initcheck":
        return []
    ours = ["--kernel-name", "kernel_substring=incept"]
    # Libraries probe the driver and expect refusals.
    return [*ours, "--report-api-errors", "no"] if name == "memcheck" else ours


def verdict(name: str, code: int, output: str) -> tuple[str, str]:
    """`passed` or `failed`, and the line that says so."""
    summaries = re.findall(r"(?:ERROR|RACECHECK) SUMMARY: .*", output)
    if "ran batches of 1 and 3" not in output or not summaries:
        return "failed", f"exit code {code}: {output.strip()[-300:]}"
    if name != "initcheck":
        return ("passed" if code == 0 else "failed"), summaries[-1]
    kernels = re.findall(r"Uninitialized .*\n=+ +at (.*)", output)
    ours = [kernel for kernel in kernels if "incept" in kernel]
    words = f"{len(ours)} of our kernels, {len(kernels) - len(ours)} of others"
    return ("failed" if ours else "passed"), f"uninitialised reads: {words}"
