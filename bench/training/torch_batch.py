"""Times PyTorch's training on a batch, in a process of its own, and prints JSON.

    python torch_batch.py NETWORK LAYOUT [--batch N] [--threads N] [--runs N] [--warm-up N]

NETWORK is googlenet, cifar-inception or simple-inception, LAYOUT `channels_first` or `channels_last`.
A run is a forward pass in float32, the losses (those of auxiliary heads count 0.3), the backward pass
and an update by SGD with momentum and decay, of one batch that lies in memory. `milliseconds` are of
all runs; `peak` is the largest resident memory of the process, and `before` what it had before there
was a network, in bytes. Needs torch and numpy.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "test" / "fixtures-torch" / "training"))
import torch_networks as networks  # noqa: E402

NETWORKS = {
    "googlenet": (networks.GoogLeNet, 1000, 224),
    "cifar-inception": (networks.CifarInception, 10, 32),
    "simple-inception": (networks.SimpleInception, 10, 32),
}
LAYOUTS = {"channels_first": torch.contiguous_format, "channels_last": torch.channels_last}


def peak():
    """Linux counts in KiB, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    before = peak()
    make, classes, side = NETWORKS[options.network]
    layout = LAYOUTS[options.layout]
    net = make(classes).train().to(memory_format=layout)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
    images = torch.randn(options.batch, 3, side, side).contiguous(memory_format=layout)
    labels = torch.randint(0, classes, (options.batch,))

    def run():
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        main, *heads = (F.cross_entropy(logits, labels) for logits in net(images).values())
        loss = main + 0.3 * sum(heads)
        loss.backward()
        optimizer.step()
        return (time.perf_counter() - start) * 1000

    for _ in range(options.warm_up):
        run()
    times = [run() for _ in range(options.runs)]
    print(json.dumps({
        "engine": f"torch {torch.__version__.partition('+')[0]} {options.layout}",
        "network": options.network, "batch": options.batch, "threads": options.threads,
        "milliseconds": times, "peak": peak(), "before": before,
    }))


if __name__ == "__main__":
    main()
