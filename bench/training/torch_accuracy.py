"""Trains the CIFAR example in PyTorch by the recipe of its spec, and writes what came of each epoch.

    python torch_accuracy.py TRAIN.bin TEST.bin --seed N --out FOLDER [--epochs N] [--threads N]

FOLDER gets `initial-N.safetensors`, PyTorch's default initial weights under the names of the spec, from
which inceptc can start too; and `torch-N.csv`: the mean loss of an epoch's steps, and the loss and the
share of right answers on TEST, by the averages of weights and running statistics. The
recipe is written out once more here rather than read from the spec: two readings of it, to compare.
Pictures are cut out of themselves with four black pixels on each side, and mirrored by halves. The seed
is that of the weights, of the order and of the cuts. Needs torch, numpy and safetensors.
"""

import argparse
import csv
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "test" / "fixtures-torch" / "training"))
import torch_networks as networks  # noqa: E402

BATCH, RATE, MOMENTUM, DECAY, WARMUP = 64, 0.1, 0.9, 1e-3, 2
SMOOTHING, DROPPED, AVERAGE, PAD = 0.05, 0.2, 0.998, 4
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
STD = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)


class Net(networks.CifarInception):
    """With the dropout that the judged networks leave out."""

    def __init__(self):
        super().__init__()
        self.classifier.register_forward_pre_hook(lambda layer, given: F.dropout(given[0], DROPPED, layer.training))


def read(path):
    """CIFAR-10's binary form: a label, then 3072 bytes C, H, W."""
    rows = np.fromfile(path, np.uint8).reshape(-1, 3073)
    return torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy()), torch.from_numpy(rows[:, 0].astype(np.int64))


def prepared(pixels):
    return (pixels.float() / 255 - MEAN) / STD


def augmented(pixels, draw):
    """A cut of the padded picture, mirrored or not, each by its own draw."""
    padded = F.pad(pixels, [PAD] * 4)
    tops, lefts = torch.randint(0, 2 * PAD + 1, (2, len(pixels)), generator=draw).tolist()
    mirrored = (torch.rand(len(pixels), generator=draw) < 0.5).tolist()
    cuts = [image[:, t : t + 32, l : l + 32] for image, t, l in zip(padded, tops, lefts)]
    return torch.stack([cut.flip(2) if flip else cut for cut, flip in zip(cuts, mirrored)])


def factor(step, steps_per_epoch, epochs):
    """Of the learning rate: a line up to 1, then half a cosine down to 0."""
    warm, all_steps = WARMUP * steps_per_epoch, epochs * steps_per_epoch
    if step < warm:
        return (step + 1) / warm
    return (1 + math.cos(math.pi * (step - warm) / (all_steps - warm))) / 2


def averaged(net):
    """What an average follows: parameters and running statistics."""
    return {name: value for name, value in net.state_dict().items() if value.is_floating_point()}


def follow(averages, net, step):
    """Shorter at first, so that it is rid of the initial weights: TensorFlow's `num_updates`, as Inception had it."""
    decay = min(AVERAGE, (1 + step) / (10 + step))
    for name, value in averaged(net).items():
        averages[name] += (1 - decay) * (value - averages[name])


def evaluate(net, averages, pixels, labels):
    """Loss and share of right answers, by the averages."""
    net.eval()
    with torch.no_grad():
        logits = torch.cat([
            torch.func.functional_call(net, averages, prepared(part))["prob"] for part in pixels.split(250)
        ])
    loss = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING).item()
    return loss, (logits.argmax(1) == labels).double().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    # The layout that PyTorch is faster in.
    net = Net().to(memory_format=torch.channels_last)
    weights = {name: value for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")}
    save_file({name: value.contiguous() for name, value in weights.items()}, options.out / f"initial-{options.seed}.safetensors")

    train, test = read(options.train), read(options.test)
    draw = torch.Generator().manual_seed(options.seed)
    decayed = [value for value in net.parameters() if value.ndim > 1]
    spared = [value for value in net.parameters() if value.ndim == 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": DECAY}, {"params": spared, "weight_decay": 0}],
        lr=RATE, momentum=MOMENTUM, nesterov=True,
    )
    averages = {name: value.clone() for name, value in averaged(net).items()}
    steps, step, start = len(train[0]) // BATCH, 0, time.perf_counter()

    with open(options.out / f"torch-{options.seed}.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["epoch", "train_loss", "loss", "top1", "seconds"])
        for epoch in range(options.epochs):
            net.train()
            total, order = 0.0, torch.randperm(len(train[0]), generator=draw)
            for indices in order[: steps * BATCH].split(BATCH):
                for group in optimizer.param_groups:
                    group["lr"] = RATE * factor(step, steps, options.epochs)
                images = prepared(augmented(train[0][indices], draw)).contiguous(memory_format=torch.channels_last)
                loss = F.cross_entropy(net(images)["prob"], train[1][indices], label_smoothing=SMOOTHING)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total, step = total + loss.item(), step + 1
                follow(averages, net, step)
            test_loss, top1 = evaluate(net, averages, *test)
            row = [epoch, total / steps, test_loss, top1, time.perf_counter() - start]
            rows.writerow(row)
            file.flush()
            print(f"epoch {epoch}: train {row[1]:.3f}, test {test_loss:.3f}, top-1 {top1:.3f}, {row[4]:.0f} s", flush=True)


if __name__ == "__main__":
    main()
