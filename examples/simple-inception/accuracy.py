"""Accuracy of the review's SimpleInception in PyTorch, for inceptc's own to be compared with.

    python accuracy.py PATH/simple_inception.safetensors PATH/cifar10/test500.bin

Needs torch, numpy and safetensors.
"""

import sys

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
STD = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)


class InceptionModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 64, 1)
        self.conv3 = nn.Sequential(nn.Conv2d(64, 64, 1), nn.Conv2d(64, 128, 3, padding=1))
        self.conv5 = nn.Sequential(nn.Conv2d(64, 64, 1), nn.Conv2d(64, 128, 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), nn.Conv2d(64, 32, 1))

    def forward(self, x):
        return torch.cat([self.conv1(x), self.conv3(x), self.conv5(x), self.pool(x)], dim=1)


class SimpleInception(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.inception1 = InceptionModule()
        self.fc = nn.Linear(352 * 32 * 32, 10)

    def forward(self, x):
        return self.fc(self.inception1(self.conv1(x)).flatten(1))


def load(path):
    """CIFAR-10's binary format: records of a label byte and 3 x 32 x 32 bytes, RGB planes."""
    records = np.fromfile(path, np.uint8).reshape(-1, 3073)
    pixels = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy()).float() / 255
    return (pixels - MEAN) / STD, torch.from_numpy(records[:, 0].astype(np.int64))


@torch.no_grad()
def main(weights, data):
    net = SimpleInception().eval()
    net.load_state_dict(load_file(weights))
    images, labels = load(data)
    logits = torch.cat([net(batch) for batch in images.split(100)])
    right = (logits.argmax(1) == labels).sum().item()
    print(f"{sum(p.numel() for p in net.parameters()):,} parameters")
    print(f"{right} of {len(labels)} right: accuracy {right / len(labels):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
