"""How much of a difference is the precision's own: the judge with every value rounded to it."""

from __future__ import annotations

from typing import Any, Mapping

import torch
from torch import Tensor

from torch_graph import TorchGraph

BITS = {"f32": 24, "tf32": 11, "f16": 11, "bf16": 8}
"""Significant bits of a precision; tf32 has float's range and f16's digits."""


def rounded(x: Tensor, bits: int) -> Tensor:
    """To nearest, ties to even, of any magnitude."""
    mantissa, exponent = torch.frexp(x)
    return torch.ldexp(torch.round(mantissa * 2.0**bits) * 2.0**-bits, exponent)


class RoundedGraph(TorchGraph):
    """
    The graph in float64 with weights, input and each node's result rounded to a precision: what
    an engine does that keeps its values in it, and sums exactly.
    """

    def __init__(
        self, graph: Mapping[str, Any], weights: Mapping[str, Tensor], precision: str
    ) -> None:
        self.bits = BITS[precision]
        super().__init__(graph, {n: rounded(w.double(), self.bits) for n, w in weights.items()})

    def compute(self, i: int, inputs: list[Tensor]) -> Tensor:
        return rounded(super().compute(i, inputs), self.bits)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return super().forward(rounded(x.double(), self.bits))
