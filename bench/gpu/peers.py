"""PyTorch at its best on a carried graph: batchnorm folded, channels_last, 16 bits, graphs."""

from __future__ import annotations

import copy
import time
from typing import Any, Callable, Mapping

import torch
from torch import Tensor

from torch_graph import TorchGraph, plain_avg_pool, plain_max_pool, sliced_lrn
from weights import Weights

DTYPES = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "tf32": torch.float32}

Run = Callable[[], Any]
"""Enqueues one inference of inputs that lie on the device."""


def fold(graph: Mapping[str, Any], weights: Weights) -> tuple[dict[str, Any], Weights]:
    """
    The graph with batchnorms folded into the convolutions before them, and with relu in place
    where nothing else reads its input.
    """
    nodes = [copy.deepcopy(node) for node in graph["nodes"]]
    folded = dict(weights)
    uses = _uses(graph)
    makers = {node["outputs"][0]["name"]: node for node in nodes}
    kept = []
    for node in nodes:
        maker = makers.get(node["inputs"][0]) if len(node["inputs"]) == 1 else None
        alone = maker is not None and uses[node["inputs"][0]] == 1
        if alone and maker["primitive"] == "conv" and not maker["attrs"].get("inplaceRelu"):
            if node["primitive"] in ("batchnorm", "relu"):
                if node["primitive"] == "batchnorm":
                    _fold_batchnorm(maker, node, folded)
                else:
                    maker["attrs"]["inplaceRelu"] = True
                maker["outputs"] = node["outputs"]
                makers[node["outputs"][0]["name"]] = maker
                continue
        kept.append(node)
    used = {name for node in kept for name in node["weights"].values()}
    return {**graph, "nodes": kept}, {name: folded[name] for name in folded if name in used}


def _uses(graph: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in graph["nodes"]:
        for name in node["inputs"]:
            counts[name] = counts.get(name, 0) + 1
    for output in graph["outputs"]:
        counts[output["value"]] = counts.get(output["value"], 0) + 1
    return counts


def _fold_batchnorm(conv: dict[str, Any], norm: Mapping[str, Any], weights: Weights) -> None:
    """w' = w * s, b' = (b - mean) * s + beta with s = gamma / sqrt(variance + eps)."""
    n = {role: weights[name].double() for role, name in norm["weights"].items()}
    w = weights[conv["weights"]["weight"]].double()
    bias = weights[conv["weights"]["bias"]].double() if "bias" in conv["weights"] else 0.0
    factor = n.get("weight", 1.0) / torch.sqrt(n["running_var"] + norm["attrs"]["eps"])
    names = {role: f"{conv['path']}:folded.{role}" for role in ("weight", "bias")}
    weights[names["weight"]] = (w * factor.view(-1, 1, 1, 1)).float()
    weights[names["bias"]] = ((bias - n["running_mean"]) * factor + n.get("bias", 0.0)).float()
    conv["weights"] = names


class Peers:
    """
    The ways to run a graph in PyTorch, on one batch that lies on the device. Local response
    normalisation has two forms; eager runs and graphs take the one that is faster here.
    """

    def __init__(
        self, graph: Mapping[str, Any], weights: Weights, precision: str, device: str
    ) -> None:
        self.dtype = DTYPES[precision]
        self.device = device
        pools = {"maxpool": plain_max_pool, "avgpool": plain_avg_pool}
        folded = fold(graph, weights)
        self.sliced = self._placed(TorchGraph(*folded, {**pools, "lrn": sliced_lrn}))
        self.modules = [self.sliced]
        if any(node["primitive"] == "lrn" for node in graph["nodes"]):
            self.modules.append(self._placed(TorchGraph(*folded, pools)))

    def place(self, x: Tensor) -> Tensor:
        """f32 [N, C, H, W] on the host as the modules want it."""
        placed = x.to(self.device, self.dtype)
        return placed.to(memory_format=torch.channels_last) if placed.dim() == 4 else placed

    def eager(self, x: Tensor) -> Run:
        return self._fastest([lambda module=module: module(x) for module in self.modules])

    def compiled(self, x: Tensor) -> Run:
        """torch.compile with max-autotune, which replays CUDA graphs of its own; compiles now."""
        module = torch.compile(self.sliced, mode="max-autotune", fullgraph=True, dynamic=False)
        for _ in range(3):
            module(x)
        torch.cuda.synchronize()
        return lambda: module(x)

    def graphed(self, x: Tensor) -> tuple[Run, dict[str, Tensor]]:
        """Eager, captured once and replayed; with the outputs that a replay fills."""
        captured = [self._capture(module, x) for module in self.modules]
        fastest = self._fastest([replay for replay, _ in captured])
        return next(each for each in captured if each[0] is fastest)

    def graphed_with_copies(self, host: Tensor) -> Run:
        """From f32 [N, C, H, W] on the host and back to it, as incept_run does."""
        x = self.place(host)
        replay, outputs = self.graphed(x)
        pinned, staged = host.pin_memory(), torch.empty_like(host, device=self.device)
        back = {n: torch.empty(y.shape, pin_memory=True) for n, y in outputs.items()}

        def run() -> None:
            pinned.copy_(host)
            staged.copy_(pinned, non_blocking=True)
            x.copy_(staged)
            replay()
            for name, y in outputs.items():
                back[name].copy_(y.float(), non_blocking=True)
            torch.cuda.synchronize()

        return run

    def _placed(self, module: TorchGraph) -> TorchGraph:
        return module.to(self.device, self.dtype, memory_format=torch.channels_last).eval()

    def _capture(self, module: TorchGraph, x: Tensor) -> tuple[Run, dict[str, Tensor]]:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                module(x)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            outputs = module(x)
        return graph.replay, outputs

    def _fastest(self, runs: list[Run]) -> Run:
        return runs[0] if len(runs) == 1 else min(runs, key=lambda run: _seconds(run, 10))


def _seconds(run: Run, times: int) -> float:
    run()
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(times):
        run()
    torch.cuda.synchronize()
    return time.perf_counter() - start
