"""
Times us beside PyTorch: milliseconds a batch, inputs on the device; and with copies to the host.

A process of its own, which `check.py` starts: a line of JSON for each network, batch and engine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any, Callable

import numpy as np
import torch

from carried import BATCHES, Carried, Entry, read_carried
from network import Session, Network
from peers import Peers
from results import relative_l2
from weights import make_input, make_weights

ROUNDS = 7
ROUND_SECONDS = 0.08
"""A round of one engine takes about so long; engines take turns, so that drift is shared."""

Timer = Callable[[int], float]
"""Milliseconds of a run, the mean of so many."""

Emit = Callable[[dict[str, Any]], None]
"""Takes a row of the result as soon as it is known."""


def wall(run: Callable[[], Any]) -> Timer:
    """Wall clock around runs that are enqueued one after another, to the end of the last."""

    def timer(runs: int) -> float:
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(runs):
            run()
        torch.cuda.synchronize()
        return (time.perf_counter() - start) * 1e3 / runs

    return timer


def duel(timers: dict[str, Timer]) -> dict[str, dict[str, float]]:
    """Median, least and most milliseconds of each, in turns."""
    runs = {}
    for name, timer in timers.items():
        timer(2)
        runs[name] = max(3, min(1000, round(ROUND_SECONDS * 1e3 / max(timer(3), 1e-3))))
    rounds: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(ROUNDS):
        for name, timer in timers.items():
            rounds[name].append(timer(runs[name]))
    return {
        name: {
            "ms": round(statistics.median(each), 5),
            "min_ms": round(min(each), 5),
            "max_ms": round(max(each), 5),
            "runs": runs[name] * ROUNDS,
        }
        for name, each in rounds.items()
    }


def ours_on(session: Session, batch: int) -> Timer:
    return lambda runs: session.time(batch, runs)


def with_copies(session: Session, x: torch.Tensor) -> Callable[[], Any]:
    """incept_run into arrays that are there."""
    inputs = [x.numpy()]
    shapes = [(len(x), *port.shape) for port in session.network.outputs]
    outputs = [np.empty(shape, np.float32) for shape in shapes]
    return lambda: session.run_into(inputs, outputs)


def peers_of(entry: Entry, seed: int) -> tuple[Peers, dict[str, np.ndarray]]:
    graph = entry.graph()
    weights = make_weights(graph, seed, "cuda")
    return Peers(graph, weights, entry.precision, "cuda"), {
        n: w.numpy() for n, w in weights.items()
    }


def beside(carried: Carried, entry: Entry, until: float, emit: Emit) -> None:
    """Us, eager and graphed PyTorch, batch after batch."""
    peers, weights = peers_of(entry, 1)
    start = time.monotonic()
    network = Network(carried.library("cuda", entry))
    with network.load(weights) as session, torch.no_grad():
        emit({"id": entry.id, "load_seconds": round(time.monotonic() - start, 2)})
        for batch in sizes(entry):
            if time.time() > until:
                return
            host = make_input(entry.graph(), batch, batch)
            x = peers.place(host)
            replay, outputs = peers.graphed(x)
            replay()
            torch.cuda.synchronize()
            ours = session.run([host.numpy()])
            apart = max(relative_l2(ours[n], y.float().cpu().numpy()) for n, y in outputs.items())
            device = duel(
                {
                    "us": ours_on(session, batch),
                    "eager": wall(peers.eager(x)),
                    "graphed": wall(replay),
                }
            )
            host_too = duel(
                {
                    "us_with_copies": wall(with_copies(session, host)),
                    "graphed_with_copies": wall(peers.graphed_with_copies(host)),
                }
            )
            for engine, times in {**device, **host_too}.items():
                emit({"id": entry.id, "batch": batch, "engine": engine, **times, "apart": apart})


def compiled(carried: Carried, entry: Entry, until: float, emit: Emit) -> None:
    """torch.compile(max-autotune), us beside it again."""
    peers, weights = peers_of(entry, 1)
    network = Network(carried.library("cuda", entry))
    with network.load(weights) as session, torch.no_grad():
        for batch in sizes(entry):
            if time.time() > until:
                return
            x = peers.place(make_input(entry.graph(), batch, batch))
            start = time.monotonic()
            run = peers.compiled(x)
            seconds = round(time.monotonic() - start, 1)
            times = duel({"us": ours_on(session, batch), "compiled": wall(run)})
            row = {"id": entry.id, "batch": batch, "engine": "compiled", **times["compiled"]}
            emit({**row, "compile_seconds": seconds, "us_beside": times["us"]["ms"]})


def warm(_: Carried, entry: Entry, until: float, emit: Emit) -> None:
    """Compiles alone, for Inductor's cache on disk: while nvcc has the processor."""
    peers, _weights = peers_of(entry, 1)
    with torch.no_grad():
        for batch in sizes(entry):
            if time.time() > until:
                return
            start = time.monotonic()
            peers.compiled(peers.place(make_input(entry.graph(), batch, batch)))
            seconds = round(time.monotonic() - start, 1)
            emit({"id": entry.id, "batch": batch, "warm_seconds": seconds})


def sizes(entry: Entry) -> list[int]:
    return [batch for batch in BATCHES if batch <= entry.max_batch]


WHAT = {"beside": beside, "compiled": compiled, "warm": warm}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--what", choices=sorted(WHAT), required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument(
        "--until", type=float, required=True, help="time.time() to begin none after"
    )
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    carried = read_carried(flags.folder)
    with flags.out.open("a", encoding="utf-8") as out:

        def emit(row: dict[str, Any]) -> None:
            out.write(json.dumps(row) + "\n")
            out.flush()
            if "engine" in row:
                words = f"{row['id']} batch {row['batch']} {row['engine']}"
                print(f"  {words}: {row['ms']:.3f} ms", flush=True)

        for entry in carried.named(flags.ids.split(",")):
            if time.time() < flags.until:
                WHAT[flags.what](carried, entry, flags.until, emit)


if __name__ == "__main__":
    main()
