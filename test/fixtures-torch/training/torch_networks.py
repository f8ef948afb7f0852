"""The networks that training is judged by, in plain PyTorch: specs read by eye, not by the compiler.

Modules are named by the paths of the specs, so that parameters have the names that inceptc gives them.
A forward pass gives the logits of each output and auxiliary head by name. Nothing drops out.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Rectified(nn.Conv2d):
    """`conv(k, n, act: relu)`: a bias, no norm."""

    def forward(self, x):
        return F.relu(super().forward(x))


class Normed(nn.Module):
    """`conv(k, n, norm: batchnorm, act: relu)`."""

    def __init__(self, entering, channels, kernel, stride=1, padding=0, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(entering, channels, kernel, stride, padding, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Branches(nn.Module):
    """`concat { ... }`."""

    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


def inception(conv, entering, n1, r3, n3, r5, n5, pp, names=("conv1", "conv3", "conv5", "pool")):
    """The module `Inception(n1, r3, n3, r5, n5, pp)` of GoogLeNet and its descendants."""
    branches = (
        conv(entering, n1, 1),
        nn.Sequential(conv(entering, r3, 1), conv(r3, n3, 3, padding=1)),
        nn.Sequential(conv(entering, r5, 1), conv(r5, n5, 5, padding=2)),
        nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(entering, pp, 1)),
    )
    return Branches(**dict(zip(names, branches)))


class SimpleInception(nn.Module):
    """examples/simple-inception"""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.inception1 = inception(nn.Conv2d, 64, 64, 64, 128, 64, 128, 32)
        self.fc = nn.Linear(352 * 32 * 32, classes)

    def forward(self, image):
        return {"logits": self.fc(self.inception1(self.conv1(image)).flatten(1))}


class CifarInception(nn.Module):
    """examples/cifar-inception"""

    def __init__(self, classes=10):
        super().__init__()
        self.stem = Normed(3, 32, 3, padding=1)
        self.inception_1 = inception(Normed, 32, 16, 16, 32, 8, 8, 8)
        self.inception_2a = inception(Normed, 64, 32, 32, 64, 8, 16, 16)
        self.inception_2b = inception(Normed, 128, 32, 32, 64, 8, 16, 16)
        self.inception_3a = inception(Normed, 128, 48, 48, 80, 16, 32, 32)
        self.inception_3b = inception(Normed, 192, 48, 48, 80, 16, 32, 32)
        self.classifier = nn.Linear(192, classes)

    def forward(self, image):
        x = self.inception_1(self.stem(image))
        x = self.inception_2b(self.inception_2a(F.max_pool2d(x, 2)))
        x = self.inception_3b(self.inception_3a(F.max_pool2d(x, 2)))
        return {"prob": self.classifier(x.mean((2, 3)))}


class Head(nn.Module):
    """`AuxHead` of GoogLeNet."""

    def __init__(self, entering, classes):
        super().__init__()
        self.conv = Rectified(entering, 128, 1)
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.fc2 = nn.Linear(1024, classes)

    def forward(self, x):
        x = self.conv(F.avg_pool2d(x, 5, 3))
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class GoogLeNet(nn.Module):
    """examples/googlenet, with both heads"""

    def __init__(self, classes=1000):
        super().__init__()

        def mixed(*channels):
            return inception(Rectified, *channels, names=("b1", "b3", "b5", "pool"))

        def pool():
            return nn.MaxPool2d(3, 2, ceil_mode=True)

        self.conv_1 = nn.Sequential(Rectified(3, 64, 7, 2, 3), pool(), nn.LocalResponseNorm(5))
        self.conv_2 = nn.Sequential(
            Rectified(64, 64, 1), Rectified(64, 192, 3, padding=1), nn.LocalResponseNorm(5), pool()
        )
        self.inception_3a = mixed(192, 64, 96, 128, 16, 32, 32)
        self.inception_3b = mixed(256, 128, 128, 192, 32, 96, 64)
        self.pool_3 = pool()
        self.inception_4a = mixed(480, 192, 96, 208, 16, 48, 64)
        self.loss_1 = Head(512, classes)
        self.inception_4b = mixed(512, 160, 112, 224, 24, 64, 64)
        self.inception_4c = mixed(512, 128, 128, 256, 24, 64, 64)
        self.inception_4d = mixed(512, 112, 144, 288, 32, 64, 64)
        self.loss_2 = Head(528, classes)
        self.inception_4e = mixed(528, 256, 160, 320, 32, 128, 128)
        self.pool_4 = pool()
        self.inception_5a = mixed(832, 256, 160, 320, 32, 128, 128)
        self.inception_5b = mixed(832, 384, 192, 384, 48, 128, 128)
        self.classifier = nn.Linear(1024, classes)

    def forward(self, image):
        x = self.inception_3b(self.inception_3a(self.conv_2(self.conv_1(image))))
        first = self.inception_4a(self.pool_3(x))
        second = self.inception_4d(self.inception_4c(self.inception_4b(first)))
        x = self.pool_4(self.inception_4e(second))
        x = self.inception_5b(self.inception_5a(x)).mean((2, 3))
        return {"prob": self.classifier(x), "loss_1": self.loss_1(first), "loss_2": self.loss_2(second)}


class Small(nn.Module):
    """specs/small.incept"""

    def __init__(self, classes=5):
        super().__init__()
        self.stem = Normed(3, 8, 3, 2, 1)
        self.mixed = Branches(
            b1=Normed(8, 6, 1),
            b3=nn.Sequential(Normed(8, 4, 1), Normed(4, 8, 3, padding=1)),
            pool=nn.Sequential(nn.MaxPool2d(3, 1, 1), Normed(8, 4, 1)),
        )
        self.side_fc = nn.Linear(18, classes)
        self.again = Normed(18, 18, 3, padding=1, groups=2)
        self.fc = nn.Linear(18 * 9, classes)

    def forward(self, image):
        x = self.mixed(self.stem(image))
        side = self.side_fc(x.mean((2, 3)))
        x = x + 0.5 * self.again(x)
        return {"prob": self.fc(F.avg_pool2d(x, 2).flatten(1)), "side": side}


def inception_v3(classes=1000):
    """examples/inception-v3 with its head: names and layers are torchvision's."""
    # Some builds of torchvision register more of this operator than they have.
    library = torch.library.Library("torchvision", "FRAGMENT")
    try:
        library.define("nms(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    except RuntimeError:
        pass
    from torchvision.models import Inception3

    class InceptionV3(Inception3):
        def forward(self, image):
            logits, side = super().forward(image)
            return {"logits": logits, "AuxLogits": side}

    return InceptionV3(classes, aux_logits=True, transform_input=False, init_weights=False, dropout=0.0)
