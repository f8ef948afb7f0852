"""Processes of our own that may hang, or die with the GPU, and write a line of JSON a result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Mapping

HERE = Path(__file__).parent


class Child:
    """A script of this folder under way; its rows lie in a file."""

    def __init__(
        self, script: str, arguments: list[str], rows: Path, env: Mapping[str, str] | None = None
    ) -> None:
        rows.parent.mkdir(parents=True, exist_ok=True)
        rows.write_text("", encoding="utf-8")
        self._rows = rows
        self._log = rows.with_suffix(".log")
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(HERE / script), *arguments, "--out", str(rows)],
                stderr=log,
                env=dict(env or os.environ),
                start_new_session=True,
            )

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None where it took longer: then it and what it started are ended."""
        try:
            return self._process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            self.stop()
            return None

    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        if not self.running():
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def rows(self) -> list[dict[str, Any]]:
        """What it has written so far; a line that a kill cut off is left out."""
        lines = self._rows.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def last_words(self) -> str:
        """The end of what it wrote to its error stream."""
        return self._log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]


class Clock:
    """The time that the whole check may take."""

    def __init__(self, budget: float) -> None:
        self.start = time.time()
        self.budget = budget

    def spent(self) -> float:
        return time.time() - self.start

    def left(self) -> float:
        return self.budget - self.spent()

    def at(self, left: float) -> float:
        """The time.time() at which so many seconds will be left."""
        return self.start + self.budget - left
