"""How differences are measured, and when a result is good; imports no package by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


NOT_A_NUMBER = 1e9
"""Stands for a difference that is not finite, which JSON cannot say."""


def relative_l2(actual: np.ndarray, expected: np.ndarray) -> float:
    """|actual - expected| / |expected|; NOT_A_NUMBER where anything is not finite."""
    import numpy as np

    wanted = expected.astype(np.float64).ravel()
    difference = actual.astype(np.float64).ravel() - wanted
    if not np.isfinite(difference).all():
        return NOT_A_NUMBER
    size = float(np.linalg.norm(wanted))
    return float(np.linalg.norm(difference)) / (size if size > 0 else 1.0)


def worst(result: dict[str, Any]) -> float:
    """The largest difference of all outputs and batches; 0 where none ran."""
    each = [value for once in result["batches"] for value in once["relative_l2"].values()]
    return max(each, default=0.0)


def most_allowed(result: dict[str, Any]) -> float:
    """The largest difference that an output and batch were allowed; 0 where none ran."""
    each = [value for once in result["batches"] for value in once["allowed"].values()]
    return max(each, default=0.0)


def _within(once: dict[str, Any]) -> bool:
    return all(value <= once["allowed"][name] for name, value in once["relative_l2"].items())


def passed(result: dict[str, Any]) -> bool:
    batches = result["batches"]
    return (
        "error" not in result
        and len(batches) > 0
        and all(_within(once) and once["repeats"] and once["unwritten"] == 0 for once in batches)
    )
