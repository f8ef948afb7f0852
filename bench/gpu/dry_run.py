"""
What can be seen of a library without a GPU: that it loads, that incept_probe names what is
missing, and that the real cuDNN and cuBLAS accept the description of every layer.

A process of its own, with the folders of those libraries in its environment.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from carried import Carried, Entry, read_carried
from network import InceptError, Network


def dry_run(carried: Carried, entry: Entry) -> dict[str, Any]:
    """`probe` is the code of the refusal; `described` the accepted descriptions by batch."""
    result: dict[str, Any] = {"id": entry.id}
    try:
        network = Network(carried.library("cuda", entry))
        result["target"] = network.target
        result["probe"] = _refusal(network)
        result["described"] = {str(n): network.verify(n) for n in sorted({1, network.max_batch})}
    except InceptError as error:
        result["not_described"] = str(error)
        result["code"] = error.code
    except (OSError, AttributeError) as error:
        result["error"] = f"{type(error).__name__}: {error}"
    result["passed"] = "error" not in result and _as_it_should(result)
    return result


def _refusal(network: Network) -> str:
    try:
        network.probe()
        return "runs"
    except InceptError as error:
        return str(error)


def _as_it_should(result: dict[str, Any]) -> bool:
    """Refusals have names; what libraries refuse is an error unless they are absent."""
    named = result.get("probe", "").startswith("cuda/") or result.get("probe") == "runs"
    absent = result.get("code") in (None, "cuda/no-cudnn", "cuda/no-cublas")
    return named and absent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    carried = read_carried(flags.folder)
    with flags.out.open("a", encoding="utf-8") as out:
        for entry in carried.named(flags.ids.split(",")):
            result = dry_run(carried, entry)
            out.write(json.dumps(result) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
