"""Writes what PyTorch makes of whole runs of training: NAME.json for each case below.

    python make_training.py [--out FOLDER] [NAME ...]

Without names: those that are kept here. `inception-v3` is for hand (a minute, and larger).

Each case is run in float64, and in float32 by PyTorch's three ways to compute a convolution, from the
same numbers, which generated.py makes and nothing stores: weights, and for each batch images and labels.
Losses are means over a batch; dropout is off. A file holds the case; `losses`, those of each batch by
name, and `loss`, their weighted sum; and `after` the first batch and the last, what has changed since
the start. The last batch tells of running statistics alone, except in the cases of CALM: a rectifier or
a max pool that decides a near tie otherwise in float32 moves a gradient by more than rounding does, and
in a large network some have after ten batches. Seeds and rates are chosen so that few do in the first,
and that a change is large beside the rounding of what it changes. Of each tensor:

    count      how many numbers it has
    norm       the L2 norm of the change
    distance   relative L2 distance of float32's change to float64's, of the worst way
    at         the change at `positions(count)`, float64 in base64
    atDistance relative L2 distance there, of the worst way
    sketch     sums of the change with signs of `signs(count)`, float64 in base64: a difference of two
               changes d has sketches whose mean square is about |d|^2, wherever it lies

Needs torch and numpy, and torchvision for inception-v3.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import generated
import torch_networks as networks
from sketches import distance, record

HERE = Path(__file__).parent
SGD = {"kind": "sgd", "momentum": 0.9, "nesterov": False, "decay": 1e-4}
ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
SMALL = {"seed": 1, "spec": "test/fixtures-torch/training/specs/small.incept", "set": {}, "size": 12, "classes": 5,
         "batch": 6, "weights": {"prob": 1, "side": 0.3}, "smoothing": 0.1}

CASES = {
    "simple-inception": {
        "seed": 1,
        "spec": "examples/simple-inception/simple-inception.incept", "set": {}, "size": 32, "classes": 10,
        "batch": 2, "weights": {"logits": 1}, "smoothing": 0, "optimizer": {**SGD, "rate": 3e-5}},
    "cifar-inception": {
        "seed": 6,
        "spec": "examples/cifar-inception/cifar-inception.incept", "set": {}, "size": 32, "classes": 10,
        "batch": 4, "weights": {"prob": 1}, "smoothing": 0.1, "optimizer": {**SGD, "rate": 0.01}},
    "googlenet": {
        "seed": 7,
        "spec": "examples/googlenet/googlenet.incept", "set": {"classes": "10"}, "size": 224, "classes": 10,
        "batch": 2, "weights": {"prob": 1, "loss_1": 0.3, "loss_2": 0.3}, "smoothing": 0,
        "optimizer": {**SGD, "rate": 1e-5}},
    "inception-v3": {
        "seed": 1,
        "spec": "examples/inception-v3/inception-v3.incept", "set": {"classes": "10"}, "size": 299, "classes": 10,
        "batch": 8, "weights": {"logits": 1, "AuxLogits": 0.4}, "smoothing": 0.1,
        "optimizer": {**SGD, "rate": 0.01}},
    "small-sgd": {**SMALL, "optimizer": {**SGD, "nesterov": True, "rate": 0.05}, "clip": 1},
    "small-adam": {**SMALL, "optimizer": {"kind": "adam", **ADAM, "rate": 2e-3, "decay": 1e-2}},
    "small-adamw": {**SMALL, "optimizer": {"kind": "adamw", **ADAM, "rate": 2e-3, "decay": 0.1}},
    "small-rmsprop": {**SMALL, "optimizer": {
        "kind": "rmsprop", "alpha": 0.9, "eps": 1e-6, "momentum": 0.9, "rate": 1e-3, "decay": 1e-3}},
}
NETWORKS = {
    "simple-inception": networks.SimpleInception, "cifar-inception": networks.CifarInception,
    "googlenet": networks.GoogLeNet, "inception-v3": networks.inception_v3, "small": networks.Small,
}
BY_HAND = ["inception-v3"]
CALM = ["simple-inception", "small-sgd", "small-adam", "small-adamw", "small-rmsprop"]
BATCHES = 10
WAYS = ["channels first", "channels last", "plain"]
"""Numbers of a change, and sketches, that are stored."""


def fill(net, seed, dtype):
    """The weights of `random:SEED`."""
    norms = {name for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
    state = {
        name: torch.from_numpy(generated.weight(seed, name, tuple(value.shape), name.rpartition(".")[0] in norms))
        for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")
    }
    net.load_state_dict(state, strict=False)
    return net.to(dtype).train()


def optimizer_of(parameters, given):
    rate, decay = given["rate"], given["decay"]
    match given["kind"]:
        case "sgd":
            return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=given["momentum"], nesterov=given["nesterov"])
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate, weight_decay=decay, alpha=given["alpha"], eps=given["eps"], momentum=given["momentum"])
        case kind:
            make = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
            return make(parameters, lr=rate, weight_decay=decay, betas=(given["beta1"], given["beta2"]), eps=given["eps"])


def single(number):
    """As a training program takes what weighs its losses: f32."""
    return float(np.float32(number))


def tensors(net):
    return {
        name: value.detach().double().numpy().copy().ravel()
        for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")
    }


def network(name):
    return NETWORKS[name if name in NETWORKS else name.partition("-")[0]]


def run(name, case, dtype, way=WAYS[0]):
    """Losses by name, and what has changed after the first batch and after the last."""
    layout = torch.channels_last if way == "channels last" else torch.contiguous_format
    seed = case["seed"]
    net = fill(network(name)(case["classes"]), seed, dtype).to(memory_format=layout)
    optimizer = optimizer_of(net.parameters(), case["optimizer"])
    start, losses, changes = tensors(net), {}, {}
    main = next(iter(case["weights"]))
    for batch in range(BATCHES):
        image = generated.image(seed, "image", batch, (case["batch"], 3, case["size"], case["size"]))
        labels = torch.from_numpy(generated.labels(seed, main, batch, case["batch"], case["classes"]))
        with torch.backends.mkldnn.flags(enabled=way != "plain"):
            outputs = net(torch.from_numpy(image).to(dtype).contiguous(memory_format=layout))
            smoothing = single(case["smoothing"])
            each = {
                output: F.cross_entropy(logits, labels, label_smoothing=smoothing)
                for output, logits in outputs.items()
            }
            total = sum(single(case["weights"][output]) * loss for output, loss in each.items())
            optimizer.zero_grad()
            total.backward()
        if "clip" in case:
            nn.utils.clip_grad_norm_(net.parameters(), case["clip"])
        optimizer.step()
        for key, value in {"loss": total, **{f"loss:{output}": loss for output, loss in each.items()}}.items():
            losses.setdefault(key, []).append(value.item())
        if batch in (0, BATCHES - 1):
            changes[batch + 1] = {
                key: value - start[key] for key, value in tensors(net).items()
                if batch == 0 or name in CALM or ".running_" in key
            }
    return losses, changes


def fixture(name, case):
    losses, exact = run(name, case, torch.float64)
    ways = [run(name, case, torch.float32, way) for way in WAYS]
    made = {**case, "losses": {
        key: {"values": values, "distance": max(distance(np.array(way[key]), np.array(values)) for way, _ in ways)}
        for key, values in losses.items()
    }, "after": {}}
    print(f"{name}: losses {' '.join(f'{value:.4f}' for value in losses['loss'])}, float32 {made['losses']['loss']['distance']:.1e} off")
    for batches, changes in exact.items():
        if not changes:
            continue
        rows = {key: record(change, [way[batches][key] for _, way in ways]) for key, change in changes.items()}
        worst = sorted(((row["distance"], key) for key, row in rows.items()), reverse=True)[:4]
        print(f"{name}: after {batches}, float32 is off by", *(f"{far:.1e} ({key})" for far, key in worst), flush=True)
        made["after"][batches] = rows
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CASES)}")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.names or [name for name in CASES if name not in BY_HAND]:
        made = fixture(name, CASES[name])
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
