"""Builds the carried networks with CMake: for a GPU by nvcc, or for the simulator by g++."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from carried import Carried, Entry


@dataclass
class Build:
    """How building ended. `missing` are networks without a library; `log` says why."""

    seconds: float
    missing: list[str]
    log: str
    finished: bool
    """False where time ran out."""


def build(carried: Carried, entries: list[Entry], form: str, arch: str, limit: float) -> Build:
    """
    Configures and compiles within `limit` seconds.

    @param form `cuda` or `sim`
    @param arch CMAKE_CUDA_ARCHITECTURES: `90`, `80;90`
    """
    start = time.monotonic()
    folder = carried.folder / "build" / form
    folder.mkdir(parents=True, exist_ok=True)
    libraries = {entry.id: carried.library(form, entry) for entry in entries}
    configure = ["cmake", "-S", str(carried.folder), "-B", str(folder)]
    if not (folder / "CMakeCache.txt").exists() and shutil.which("ninja"):
        configure += ["-G", "Ninja"]
    configure += ["-DINCEPT_SIM=ON"] if form == "sim" else [f"-DCMAKE_CUDA_ARCHITECTURES={arch}"]
    log, finished = _run(configure, limit)
    if "CMake Error" not in log and finished:
        # What fails of one network leaves the others: go on, and see which libraries there are.
        keep_going = ["-k", "0"] if (folder / "build.ninja").exists() else ["-k"]
        jobs = str(os.cpu_count() or 1)
        command = ["cmake", "--build", str(folder), "--parallel", jobs, "--target", *libraries]
        left = limit - (time.monotonic() - start)
        more, finished = _run([*command, "--", *keep_going], left)
        log += more
    (folder / "build.log").write_text(log, encoding="utf-8")
    stale = _failed(log)
    missing = [id for id, file in libraries.items() if not file.exists() or id in stale]
    return Build(time.monotonic() - start, missing, log, finished)


def first_errors(log: str, count: int = 8) -> list[str]:
    """The lines of a log that name errors."""
    lines = log.splitlines()
    named = [line for line in lines if "error" in line.lower() or "No such file" in line]
    return [line[:300] for line in (named or lines[-count:])[:count]]


def _run(command: list[str], limit: float) -> tuple[str, bool]:
    """Output of both kinds, and whether it ended in time."""
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=max(1.0, limit),
        )
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
        text = output if isinstance(output, str) else output.decode(errors="replace")
        return text, False
    except FileNotFoundError as error:
        return f"CMake Error: {command[0]} is not installed: {error}\n", True
    return done.stdout, True


def _failed(log: str) -> set[str]:
    """Networks whose compilation failed, though an older library may lie there."""
    failed = set()
    for line in log.splitlines():
        if line.startswith("FAILED:") or "] Error " in line:
            failed |= {part for part in line.replace("/", " ").replace(".dir", "").split()}
    return failed


def nvcc_version() -> str | None:
    """`13.0`, or None where nvcc is not on PATH."""
    nvcc = shutil.which("nvcc") or _cuda_tool("nvcc")
    if nvcc is None:
        return None
    done = subprocess.run([nvcc, "--version"], capture_output=True, text=True)
    words = done.stdout.replace(",", " ").split()
    return words[words.index("release") + 1] if "release" in words else "unknown"


def _cuda_tool(name: str) -> str | None:
    for folder in (os.environ.get("CUDA_HOME"), os.environ.get("CUDA_PATH"), "/usr/local/cuda"):
        if folder and (file := Path(folder) / "bin" / name).exists():
            return str(file)
    return None


find_cuda_tool = _cuda_tool
