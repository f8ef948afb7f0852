"""Builds the carried networks with CMake: for a GPU by nvcc, or for the simulator by g++."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from carried import Carried, Entry


@dataclass
class Build:
    """How building ended: networks that do not compile, and for which time ran out."""

    seconds: float
    failed: list[str]
    unbuilt: list[str]
    log: str


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
    bad = _failed(log)
    failed = [id for id in libraries if id in bad or "shared" in bad]
    absent = [id for id, file in libraries.items() if not file.exists() and id not in failed]
    if finished:
        failed, absent = failed + absent, []
    return Build(time.monotonic() - start, failed, absent, log)


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
    """CMake targets that failed, though an older library may lie there, by ninja or make."""
    lines = [line for line in log.splitlines() if line.startswith("FAILED:") or "] Error " in line]
    patterns = (r"CMakeFiles/([\w-]+)\.dir", r"lib/lib([\w-]+)\.so")
    return {name for line in lines for each in patterns for name in re.findall(each, line)}


def nvcc_version() -> str | None:
    """`13.0`, or None where nvcc is not on PATH."""
    nvcc = shutil.which("nvcc") or find_cuda_tool("nvcc")
    if nvcc is None:
        return None
    done = subprocess.run([nvcc, "--version"], capture_output=True, text=True)
    words = done.stdout.replace(",", " ").split()
    return words[words.index("release") + 1] if "release" in words else "unknown"


def find_cuda_tool(name: str) -> str | None:
    """A tool of the CUDA toolkit that is not on PATH."""
    for folder in (os.environ.get("CUDA_HOME"), os.environ.get("CUDA_PATH"), "/usr/local/cuda"):
        if folder and (file := Path(folder) / "bin" / name).exists():
            return str(file)
    return None


findfind_cuda_tool = find_cuda_tool
