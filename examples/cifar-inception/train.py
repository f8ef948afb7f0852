"""Trains the network of cifar-inception.incept in PyTorch and writes its weights.

    python train.py PATH/cifar10/train4000.bin PATH/cifar10/test500.bin

The parameters are named by their paths in the spec (`inception_1.conv3.1.conv.weight`), so
inceptc takes the file as it is. Needs torch, numpy and safetensors; seeds are fixed, but PyTorch
promises the same numbers only for one version on one kind of machine.

Four thousand images are few for a network of this size, so most of this file is about seeing each
of them in many ways: flips, shifts, small rotations and zooms, light, and CutMix or Mixup. The
weights written are the moving average of the last steps, never a checkpoint picked by its test score.
"""

import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

CLASSES = 10
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
STD = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)


class Conv(nn.Module):
    """`conv(k, n)` under `defaults { conv { norm: batchnorm, act: relu } }`."""

    def __init__(self, entering, out, kernel):
        super().__init__()
        self.conv = nn.Conv2d(entering, out, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(out)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    """The spec's `Inception(n1, r3, n3, r5, n5, pp)`."""

    def __init__(self, entering, n1, r3, n3, r5, n5, pp):
        super().__init__()
        self.conv1 = Conv(entering, n1, 1)
        self.conv3 = nn.Sequential(Conv(entering, r3, 1), Conv(r3, n3, 3))
        self.conv5 = nn.Sequential(Conv(entering, r5, 1), Conv(r5, n5, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), Conv(entering, pp, 1))

    def forward(self, x):
        return torch.cat([self.conv1(x), self.conv3(x), self.conv5(x), self.pool(x)], dim=1)


class CifarInception(nn.Module):
    """The spec's model, up to its logits: the loss wants them before the softmax."""

    def __init__(self):
        super().__init__()
        self.stem = Conv(3, 32, 3)
        self.inception_1 = Inception(32, 16, 16, 32, 8, 8, 8)
        self.inception_2a = Inception(64, 32, 32, 64, 8, 16, 16)
        self.inception_2b = Inception(128, 32, 32, 64, 8, 16, 16)
        self.inception_3a = Inception(128, 48, 48, 80, 16, 32, 32)
        self.inception_3b = Inception(192, 48, 48, 80, 16, 32, 32)
        self.classifier = nn.Linear(192, CLASSES)

    def forward(self, x):
        x = self.inception_1(self.stem(x))
        x = self.inception_2b(self.inception_2a(F.max_pool2d(x, 2)))
        x = self.inception_3b(self.inception_3a(F.max_pool2d(x, 2)))
        return self.classifier(F.dropout(x.mean((2, 3)), 0.2, self.training))


def load(path):
    """CIFAR-10's binary format: records of a label byte and 3 x 32 x 32 bytes, RGB planes."""
    records = np.fromfile(path, np.uint8).reshape(-1, 3073)
    pixels = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy()).float() / 255
    return (pixels - MEAN) / STD, torch.from_numpy(records[:, 0].astype(np.int64))


def augment(x):
    """Flip, shift by up to 4 pixels, rotate by up to 12 degrees, zoom by up to 15 %, vary the light."""
    n = len(x)

    def uniform(low, high):
        return torch.empty(n).uniform_(low, high)

    angle, zoom = uniform(-0.21, 0.21), uniform(0.85, 1.15)
    flip = torch.randint(0, 2, (n,)) * 2.0 - 1
    cos, sin = zoom * angle.cos(), zoom * angle.sin()
    rows = [cos * flip, -sin, uniform(-0.25, 0.25), sin * flip, cos, uniform(-0.25, 0.25)]
    grid = F.affine_grid(torch.stack(rows, 1).view(n, 2, 3), list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    return x * uniform(0.75, 1.25).view(n, 1, 1, 1) + uniform(-0.25, 0.25).view(n, 1, 1, 1)


def blend(x, y, share_blended):
    """CutMix or Mixup with a shuffled batch; gives soft labels that share out what each image gave."""
    y = F.one_hot(y, CLASSES).float()
    if torch.rand(()) > share_blended:
        return x, y
    other = torch.randperm(len(x))
    keep = float(torch.distributions.Beta(1.0, 1.0).sample())
    if torch.rand(()) < 0.5:
        keep = max(keep, 1 - keep)
        x = keep * x + (1 - keep) * x[other]
    else:
        side = round(32 * math.sqrt(1 - keep))
        top, left = (int(torch.randint(0, 33 - side, ())) for _ in range(2))
        x = x.clone()
        window = (..., slice(top, top + side), slice(left, left + side))
        x[window] = x[other][window]
        keep = 1 - side * side / 1024
    return x, keep * y + (1 - keep) * y[other]


@torch.no_grad()
def accuracy(net, images, labels):
    net.eval()
    return sum((net(x).argmax(1) == y).sum().item()
               for x, y in zip(images.split(250), labels.split(250))) / len(labels)


@torch.no_grad()
def follow(average, net, decay):
    """Moves the averaged network one step towards the trained one, running statistics included."""
    for mean, value in zip(average.state_dict().values(), net.state_dict().values()):
        mean.lerp_(value, 1 - decay) if mean.is_floating_point() else mean.copy_(value)


def train(images, labels, tests, options):
    net = CifarInception().to(memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    print(f"{sum(p.numel() for p in net.parameters()):,} parameters", flush=True)
    decayed = [p for p in net.parameters() if p.dim() > 1]
    spared = [p for p in net.parameters() if p.dim() == 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": options.decay}, {"params": spared}],
        lr=options.rate, momentum=0.9, nesterov=True)
    per_epoch = len(images) // options.batch
    total = options.epochs * per_epoch
    warmup = 2 * per_epoch

    def rate(step):
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    start, step = time.time(), 0
    for epoch in range(1, options.epochs + 1):
        net.train()
        share_blended = 0.5 if epoch <= 0.9 * options.epochs else 0.0
        seen = 0.0
        for rows in torch.randperm(len(images)).split(options.batch)[:per_epoch]:
            x, y = blend(augment(images[rows]), labels[rows], share_blended)
            with torch.autocast("cpu", torch.bfloat16):  # several times faster, the weights stay f32
                logits = net(x.contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits.float(), y, label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            follow(average, net, min(0.998, step / (step + 10)))
            seen += loss.item()
        if epoch % 5 == 0 or epoch == options.epochs:
            print(f"epoch {epoch:3d}  loss {seen / per_epoch:.3f}  test {accuracy(average, *tests):.3f}"
                  f"  {time.time() - start:.0f} s", flush=True)
    return average


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path, help="images to learn, in CIFAR-10's binary format")
    parser.add_argument("test", type=Path, help="images to judge, in CIFAR-10's binary format")
    parser.add_argument("--epochs", type=int, default=120)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=here / "cifar-inception.safetensors")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    tests = load(options.test)
    net = train(*load(options.train), tests, options)
    weights = {name: tensor.contiguous() for name, tensor in net.state_dict().items()
               if not name.endswith("num_batches_tracked")}
    save_file(weights, options.out)
    print(f"{accuracy(net, *tests):.3f} of {len(tests[1])} test images right; wrote {options.out}")


if __name__ == "__main__":
    main()
