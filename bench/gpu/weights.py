"""Random weights and inputs for a graph, the same on every machine for a seed."""

from __future__ import annotations

import math
from typing import Any, Mapping

import torch
from torch import Tensor

from torch_graph import TorchGraph

Weights = dict[str, Tensor]
"""Dense f32 tensors on the host, by parameter."""


def make_weights(graph: Mapping[str, Any], seed: int, device: str) -> Weights:
    """
    He et al. 2015 by fan-in, then each convolution's and linear's weight scaled so that its
    results have a standard deviation of one (Mishkin & Matas 2016): what comes out depends on all
    layers, and f16 holds what is between. The shapes that the compiler inferred are checked.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = {each["name"]: _draw(each, generator) for each in graph["parameters"]}
    unit = _UnitVariance(graph, {name: value.double() for name, value in drawn.items()})
    unit.to(device)
    with torch.no_grad():
        unit(make_input(graph, 2, seed).double().to(device))
    return {name: getattr(unit, buffer).float().cpu() for name, buffer in unit.buffer_names.items()}


def make_input(graph: Mapping[str, Any], batch: int, seed: int) -> Tensor:
    """Normal, f32 [batch, *shape], on the host."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, *graph["input"]["shape"], generator=generator)


def _draw(parameter: Mapping[str, Any], generator: torch.Generator) -> Tensor:
    shape, role = parameter["shape"], parameter["role"]
    if role == "weight":
        return torch.randn(shape, generator=generator) * math.sqrt(2 / parameter["fanIn"])
    uniform = torch.rand(shape, generator=generator)
    if role == "running_var":
        return 0.5 + uniform
    if role == "gamma":
        return 0.75 + 0.5 * uniform
    return 0.4 * uniform - 0.2  # bias, beta, running_mean


class _UnitVariance(TorchGraph):
    """Scales weights as it goes, each once, and compares shapes with the inferred ones."""

    def __init__(self, graph: Mapping[str, Any], weights: Weights) -> None:
        super().__init__(graph, weights)
        self.scaled: set[str] = set()

    def compute(self, i: int, inputs: list[Tensor]) -> Tensor:
        node = self.nodes[i]
        result = super().compute(i, inputs)
        inferred = node["outputs"][0]["shape"]
        if list(result.shape[1:]) != inferred:
            raise ValueError(f"{node['path']}: inferred {inferred}, got {list(result.shape[1:])}")
        name = node["weights"].get("weight")
        if node["primitive"] not in ("conv", "linear") or name is None or name in self.scaled:
            return result
        self.scaled.add(name)
        spread = float(result.std())
        if not (1e-6 < spread < math.inf):
            return result
        getattr(self, self.buffer_names[name]).div_(spread)
        return super().compute(i, inputs)
