"""What this machine has: the GPU and the versions of all that the figures depend on."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from build import nvcc_version


def machine() -> dict[str, Any]:
    """For the report; `gpu` is None where there is none, and `why` says why."""
    found: dict[str, Any] = {
        "gpu": None,
        "why": None,
        "capability": None,
        "memory_gib": None,
        "driver": None,
        "clocks": None,
        "cuda": nvcc_version(),
        "cudnn": None,
        "torch": None,
        "torch_cuda": None,
        "triton": _version("triton"),
        "python": platform.python_version(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
    }
    if importlib.util.find_spec("torch") is None:
        found["why"] = "no-torch: this Python has no PyTorch; name another with --python"
        return found
    import torch

    found["torch"] = torch.__version__
    found["torch_cuda"] = torch.version.cuda
    if torch.version.cuda is None:
        found["why"] = "no-cuda-torch: this PyTorch was built without CUDA"
    elif not torch.cuda.is_available():
        found["why"] = f"no-gpu: PyTorch sees no GPU ({_smi_words()})"
    else:
        major, minor = torch.cuda.get_device_capability()
        properties = torch.cuda.get_device_properties(0)
        found["gpu"] = properties.name
        found["capability"] = f"{major}{minor}"
        found["memory_gib"] = round(properties.total_memory / 2**30, 1)
        found["driver"] = _smi("driver_version")
        found["clocks"] = _smi("clocks.sm,clocks.max.sm,power.limit")
        found["cudnn"] = _dotted(torch.backends.cudnn.version())
    if found["gpu"] is None and _smi("name"):
        found["why"] = f"{found['why']}; nvidia-smi sees {_smi('name')}"
    return found


def library_environment() -> dict[str, str]:
    """
    The environment of processes that use cuDNN without PyTorch: its wheel's folder, as PyTorch
    has it, where none is named.
    """
    env = dict(os.environ)
    if "CUDNN_PATH" not in env and (folder := _wheel("cudnn")):
        env["CUDNN_PATH"] = folder
    return env


def _wheel(name: str) -> str | None:
    try:
        spec = importlib.util.find_spec(f"nvidia.{name}")
    except ModuleNotFoundError:
        return None
    places = list(spec.submodule_search_locations or []) if spec else []
    return next((place for place in places if (Path(place) / "lib").exists()), None)


def _smi(query: str) -> str | None:
    """The first GPU's answer to a query of nvidia-smi."""
    if shutil.which("nvidia-smi") is None:
        return None
    command = ["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except subprocess.TimeoutExpired:
        return None
    lines = done.stdout.splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None


def _smi_words() -> str:
    if shutil.which("nvidia-smi") is None:
        return "nvidia-smi is not installed"
    return f"nvidia-smi sees {_smi('name') or 'none'}"


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _dotted(version: int | None) -> str | None:
    """cuDNN's 92400 as 9.24.0."""
    if version is None:
        return None
    return f"{version // 10000}.{version % 10000 // 100}.{version % 100}"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
