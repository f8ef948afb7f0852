"""
The GPU check of a carried folder: build, compare with PyTorch, sanitize, time, report.

    python3 gpu/check.py                  on a machine with a GPU
    python3 gpu/check.py --sim            anywhere: the simulator against PyTorch on the CPU
    python3 gpu/check.py --only googlenet

Exit code 0: there was a GPU and all that ran passed. 1: something failed. 2: there was no GPU.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Callable

import report
import sanitize
import strides
from build import build, first_errors
from carried import TIMED, Carried, Entry, read_carried
from children import Child, Clock
from environment import library_environment, machine
from results import passed

TIMING_RESERVE = 110
"""Seconds that the phases before leave to the timing beside PyTorch."""
SANITIZE_RESERVE = 45
LATER_RESERVE = 250
"""Seconds that the building of less telling networks leaves to all the rest."""
FIRST = 8
"""Networks that are built before the others."""

Phase = dict[str, Any]


def main() -> int:
    flags = arguments()
    if importlib.util.find_spec("numpy") is None:
        print(
            f"{sys.executable} has no numpy, which this needs beside PyTorch; name another Python."
        )
        return 2
    carried = read_carried(flags.folder)
    check = Check(carried, chosen(carried, flags.only), flags)
    check.run()
    result = check.result()
    file = report.write(result, flags.folder, flags.results)
    print(f"\n{report.table(result)}\n\nwritten: {file}")
    print(report.sentence(result))
    return {"passed": 0, "failed": 1, "no GPU": 2}[result["outcome"]]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("folder", type=Path, nargs="?", default=here)
    parser.add_argument("--sim", action="store_true", help="the simulator, which needs no GPU")
    parser.add_argument("--only", help="names or ids of networks, with commas")
    parser.add_argument("--arch", help="compute capability to build for: 90 (default: the GPU's)")
    parser.add_argument("--batches", default="1,3,5,max")
    parser.add_argument("--budget", type=float, help="seconds (default: 520 with a GPU)")
    parser.add_argument("--seed", type=int, help="of weights and inputs (default: a fresh one)")
    parser.add_argument("--results", type=Path, help="a folder for gpu-DATE-DEVICE.json")
    flags = parser.parse_args()
    flags.folder = flags.folder.resolve()
    flags.seed = secrets.randbelow(2**31) if flags.seed is None else flags.seed
    return flags


def chosen(carried: Carried, only: str | None) -> list[Entry]:
    """Those that are wanted, the most telling first: time may not suffice for all."""
    wanted = [e for e in carried.networks if only is None or {e.id, e.name} & set(only.split(","))]
    if not wanted:
        sys.exit(f"{carried.folder} holds none of {only}")

    def rank(entry: Entry) -> int:
        if entry.id in TIMED:
            return 0
        if entry.kind == "random" or entry.name == "simple-inception":
            return 1
        return 3 if entry.name == "inception-resnet-v2" else 2

    return sorted(wanted, key=rank)


class Check:
    """The phases in their order, and what they found."""

    def __init__(self, carried: Carried, entries: list[Entry], flags: argparse.Namespace) -> None:
        self.carried, self.entries, self.flags = carried, entries, flags
        self.form = "sim" if flags.sim else "cuda"
        self.machine = machine()
        self.gpu = self.machine["gpu"] is not None and not flags.sim
        self.clock = Clock(flags.budget or (520.0 if self.gpu else 86400.0))
        self.phases: list[Phase] = []
        self.found: dict[str, Any] = {}
        self.warm: Child | None = None

    def run(self) -> None:
        where = "the simulator" if self.flags.sim else self.machine["gpu"] or "no GPU"
        print(f"{len(self.entries)} networks, {where}, seed {self.flags.seed}", flush=True)
        if self.gpu:
            self.start_warming()
        try:
            self.phase("build", self.build)
            if self.gpu or self.flags.sim:
                self.phase("verify", self.verify)
            else:
                self.phase("load", self.load)
                self.skip("verify", f"there is no GPU: {self.machine['why']}")
            if self.gpu:
                self.phase("sanitize", self.sanitize)
                self.phase("timing", self.timing)
                self.phase("compile", self.compiled)
            else:
                why = "the simulator has no time" if self.flags.sim else "there is no GPU"
                for name in ("sanitize", "timing", "compile"):
                    self.skip(name, why)
        finally:
            if self.warm is not None:
                self.warm.stop()

    def phase(self, name: str, work: Callable[[], str | None]) -> None:
        """`work` returns what failed or was left out as `failed: ...`, `partly: ...`, or None."""
        print(f"\n{name} ({self.clock.spent():.0f} s spent)", flush=True)
        start = time.monotonic()
        try:
            outcome = work() or "passed"
        except Exception as error:
            outcome = f"failed: {type(error).__name__}: {error}"
        state, _, why = outcome.partition(": ")
        seconds = round(time.monotonic() - start, 1)
        self.phases.append({"name": name, "state": state, "why": why, "seconds": seconds})
        print(f"  {outcome} after {seconds:.0f} s", flush=True)

    def skip(self, name: str, why: str) -> None:
        self.phases.append({"name": name, "state": "not run", "why": why, "seconds": 0})

    def too_late(self, needed: float) -> str | None:
        left = self.clock.left()
        if left >= needed:
            return None
        return f"not run: {left:.0f} s of {self.clock.budget:.0f} are left, {needed:.0f} are needed"

    # ---- The phases.

    def build(self) -> str | None:
        """The most telling networks first: on few cores time does not suffice for all."""
        arch = self.flags.arch or self.machine["capability"] or "80"
        reserve = LATER_RESERVE if self.gpu else 0
        failed: list[str] = []
        unbuilt: list[str] = []
        errors: list[str] = []
        for part, kept in ((self.entries[:FIRST], 30), (self.entries[FIRST:], reserve)):
            limit = self.clock.left() - kept
            if not part:
                continue
            if limit < 10:
                unbuilt += [entry.id for entry in part]
                continue
            built = build(self.carried, part, self.form, arch, limit)
            failed, unbuilt = failed + built.failed, unbuilt + built.unbuilt
            errors += first_errors(built.log) if built.failed else []
        for line in errors:
            print(f"  {line}")
        arch = None if self.flags.sim else arch
        self.found["build"] = {"arch": arch, "failed": failed, "unbuilt": unbuilt, "errors": errors}
        self.entries = [each for each in self.entries if each.id not in [*failed, *unbuilt]]
        if failed:
            return f"failed: {', '.join(failed)}"
        return f"partly: no time for {', '.join(unbuilt)}" if unbuilt else None

    def load(self) -> str | None:
        """Without a GPU: what the libraries say."""
        rows = self.child("dry_run.py", [self.ids()], 300, library_environment()).rows()
        self.found["load"] = rows
        for row in rows:
            described = row.get("described", {}).items()
            counts = ", ".join(f"batch {n}: {count} descriptions" for n, count in described)
            told = row.get("probe", row.get("error", "")).split(":")[0]
            print(f"  {row['id']:<28} {told}; {counts or row.get('code', '')}")
        bad = [entry.id for entry in self.entries]
        bad = [id for id in bad if not any(row["id"] == id and row["passed"] for row in rows)]
        return f"failed: {', '.join(bad)}" if bad else None

    def verify(self) -> str | None:
        """Starts again after a process that died, without the network that it died of."""
        rows: list[dict[str, Any]] = []
        reserve = TIMING_RESERVE + SANITIZE_RESERVE if self.gpu else 0
        until, left = self.clock.at(reserve), [entry.id for entry in self.entries]
        while left and time.time() < until:
            flags = ["--form", self.form, "--ids", ",".join(left), "--batches", self.flags.batches]
            more = ["--seed", str(self.flags.seed), "--until", str(until)]
            child = Child("verify.py", [self.folder(), *flags, *more], self.rows_file("verify"))
            code = child.wait(until + 30 - time.time())
            new = child.rows()
            left = left[len(new) :]
            if left and code not in (0, None):
                new.append(_died(left.pop(0), code, child.last_words()))
                print(f"  ✖ {new[-1]['id']:<28} {new[-1]['error']}", flush=True)
            elif left and code is None:
                new.append(_died(left.pop(0), "none: it took too long", child.last_words()))
            rows += new
            if code in (0, None) and not any(row.get("lost") for row in new):
                break
        self.found["verify"] = [{k: v for k, v in row.items() if k != "report"} for row in rows]
        self.found["devices"] = sorted({row["report"][0] for row in rows if row.get("report")})
        by_id = {entry.id: entry for entry in self.entries}
        self.found["strides"] = strides.table(by_id, rows)
        bad = [row["id"] for row in rows if not passed(row)]
        if bad or not rows:
            return f"failed: {', '.join(bad) or 'no network was compared'}"
        return f"partly: no time for {', '.join(left)}" if left else None

    def sanitize(self) -> str | None:
        if sanitize.find_sanitizer() is None:
            return "not run: compute-sanitizer is not installed"
        if late := self.too_late(TIMING_RESERVE + 20):
            return late
        until = min(time.time() + 90, self.clock.at(TIMING_RESERVE))
        rows = sanitize.sanitize(self.carried, self.entries, until)
        self.found["sanitize"] = rows
        bad = [f"{row['tool']} of {row['id']}" for row in rows if row["state"] == "failed"]
        if bad:
            return f"failed: {', '.join(bad)}"
        left = [f"{row['tool']} of {row['id']}" for row in rows if row["state"] == "not run"]
        return f"partly: no time for {', '.join(left)}" if left else None

    def timing(self) -> str | None:
        if not self.timed():
            return "not run: no network that is timed was built"
        self.end_warming()
        if late := self.too_late(40):
            return late
        return self.timed_rows("beside", "timing", 5)

    def compiled(self) -> str | None:
        if not self.timed():
            return "not run: no network that is timed was built"
        if self.machine["triton"] is None:
            return "not run: this PyTorch has no triton to compile with"
        return self.too_late(30) or self.timed_rows("compiled", "compile", 3)

    # ---- Their parts.

    def timed_rows(self, what: str, name: str, reserve: float) -> str | None:
        until = self.clock.at(reserve)
        flags = [self.folder(), "--what", what, "--ids", self.timed(), "--until", str(until - 5)]
        child = Child("timing.py", flags, self.rows_file(name), self.inductor())
        code = child.wait(until - time.time())
        self.found[name] = child.rows()
        if code is None:
            return "partly: time ran out"
        if code != 0:
            return f"failed: exit code {code}: {child.last_words()[-300:]}"
        apart = max((row.get("apart", 0.0) for row in self.found[name]), default=0.0)
        return f"failed: PyTorch's outputs are {apart:.1e} from ours" if apart > 2e-2 else None

    def start_warming(self) -> None:
        """torch.compile fills its cache on disk while nvcc has the processor, the GPU nothing."""
        if self.machine["triton"] is None or not self.timed():
            return
        until = str(self.clock.at(TIMING_RESERVE))
        flags = [self.folder(), "--what", "warm", "--ids", self.timed(), "--until", until]
        self.warm = Child("timing.py", flags, self.rows_file("warm"), self.inductor())

    def end_warming(self) -> None:
        """The GPU is quiet from here on."""
        if self.warm is None:
            return
        self.warm.wait(max(1.0, self.clock.left() - TIMING_RESERVE - 20))
        self.found["warm"] = self.warm.rows()

    def child(self, script: str, arguments: list[str], limit: float, env: dict[str, str]) -> Child:
        flags = [self.folder(), "--ids", *arguments]
        child = Child(script, flags, self.rows_file(script.removesuffix(".py")), env)
        child.wait(limit)
        return child

    def inductor(self) -> dict[str, str]:
        cache = self.carried.folder / "build" / "inductor"
        return {**os.environ, "TORCHINDUCTOR_CACHE_DIR": str(cache)}

    def timed(self) -> str:
        return ",".join(entry.id for entry in self.entries if entry.id in TIMED)

    def ids(self) -> str:
        return ",".join(entry.id for entry in self.entries)

    def folder(self) -> str:
        return str(self.carried.folder)

    def rows_file(self, name: str) -> Path:
        return self.carried.folder / "build" / "rows" / f"{name}.jsonl"

    def result(self) -> dict[str, Any]:
        failed = any(phase["state"] == "failed" for phase in self.phases)
        there = self.gpu or self.flags.sim
        return {
            "date": datetime.date.today().isoformat(),
            "outcome": "failed" if failed else "passed" if there else "no GPU",
            "form": self.form,
            "inceptc": self.carried.inceptc,
            "seed": self.flags.seed,
            "seconds": round(self.clock.spent(), 1),
            "machine": self.machine,
            "phases": self.phases,
            **self.found,
        }


def _died(id: str, code: object, words: str) -> dict[str, Any]:
    lines = words.splitlines()
    error = f"the process died of it (exit code {code}): {lines[-1] if lines else ''}"
    return {"id": id, "batches": [], "passed": False, "error": error[:400]}


if __name__ == "__main__":
    sys.exit(main())
