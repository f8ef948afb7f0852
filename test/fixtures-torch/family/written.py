"""Networks of the family that no library has, in plain PyTorch from their papers.

Modules are called as the stages and parameters of the specs, so that `make_family.py` needs no map.
"""

import torch
import torch.nn.functional as F
from torch import nn

from torch_networks import Branches, Normed, inception


class Mixed(nn.Module):
    """The module of BN-Inception: `one`, `three`, `double` and `pool`, each where it is not None."""

    def __init__(self, entering, n1, r3, n3, rd, nd, pp, stride=1, pool=None):
        super().__init__()
        if n1:
            self.add_module("1x1", Normed(entering, n1, 1))
        self.add_module("3x3_reduce", Normed(entering, r3, 1))
        self.add_module("3x3", Normed(r3, n3, 3, stride, 1))
        self.add_module("double3x3_reduce", Normed(entering, rd, 1))
        self.add_module("double3x3a", Normed(rd, nd, 3, 1, 1))
        self.add_module("double3x3b", Normed(nd, nd, 3, stride, 1))
        if pp:
            self.pool_proj = Normed(entering, pp, 1)
        self.pool = pool

    def chain(self, x, *names):
        for name in names:
            x = self.get_submodule(name)(x)
        return x

    def forward(self, x):
        one = [self.chain(x, "1x1")] if hasattr(self, "1x1") else []
        pool = self.pool(x)
        return torch.cat([
            *one,
            self.chain(x, "3x3_reduce", "3x3"),
            self.chain(x, "double3x3_reduce", "double3x3a", "double3x3b"),
            self.pool_proj(pool) if hasattr(self, "pool_proj") else pool,
        ], 1)


class BNInception(nn.Module):
    """Figure 5 of "Batch Normalization" (Ioffe & Szegedy, 2015) with the widths of Caffe's network."""

    def __init__(self, classes=1000):
        super().__init__()

        def average():
            # Caffe's averages count the padding.
            return nn.AvgPool2d(3, 1, 1, count_include_pad=True)

        def half():
            return nn.MaxPool2d(3, 2, ceil_mode=True)

        self.conv1 = nn.Module()
        self.conv1.add_module("7x7_s2", Normed(3, 64, 7, 2, 3))
        self.pool1 = half()
        self.conv2 = nn.Module()
        self.conv2.add_module("3x3_reduce", Normed(64, 64, 1))
        self.conv2.add_module("3x3", Normed(64, 192, 3, 1, 1))
        self.pool2 = half()
        self.inception_3a = Mixed(192, 64, 64, 64, 64, 96, 32, pool=average())
        self.inception_3b = Mixed(256, 64, 64, 96, 64, 96, 64, pool=average())
        self.inception_3c = Mixed(320, 0, 128, 160, 64, 96, 0, stride=2, pool=half())
        self.inception_4a = Mixed(576, 224, 64, 96, 96, 128, 128, pool=average())
        self.inception_4b = Mixed(576, 192, 96, 128, 96, 128, 128, pool=average())
        self.inception_4c = Mixed(576, 160, 128, 160, 128, 160, 96, pool=average())
        self.inception_4d = Mixed(576, 96, 128, 192, 160, 192, 96, pool=average())
        self.inception_4e = Mixed(576, 0, 128, 192, 192, 256, 0, stride=2, pool=half())
        self.inception_5a = Mixed(1024, 352, 192, 320, 160, 224, 128, pool=average())
        self.inception_5b = Mixed(1024, 352, 192, 320, 192, 224, 128, pool=nn.MaxPool2d(3, 1, 1))
        self.loss3 = nn.Module()
        self.loss3.classifier = nn.Linear(1024, classes)

    def forward(self, x):
        x = self.pool1(self.conv1.get_submodule("7x7_s2")(x))
        x = self.pool2(self.conv2.get_submodule("3x3")(self.conv2.get_submodule("3x3_reduce")(x)))
        for name, module in self.named_children():
            if name.startswith("inception"):
                x = module(x)
        return self.loss3.classifier(x.mean((2, 3)))


class SSDInception(BNInception):
    """Liu et al., 2015, on these features: where ssd_inception_v2 of TensorFlow's model zoo looks at them."""

    def __init__(self, classes=20):
        super().__init__()
        del self.loss3

        def extra(entering, reduced, n):
            module = nn.Sequential()
            module.add_module("reduce", Normed(entering, reduced, 1))
            module.add_module("down", Normed(reduced, n, 3, 2, 1))
            return module

        self.extra_1 = extra(1024, 256, 512)
        self.extra_2 = extra(512, 128, 256)
        self.extra_3 = extra(256, 128, 256)
        self.extra_4 = extra(256, 64, 128)
        self.read = {"inception_4d": 20, "inception_5b": 10, "extra_1": 5, "extra_2": 3, "extra_3": 2, "extra_4": 1}
        channels = [576, 1024, 512, 256, 256, 128]
        for entering, side, boxes in zip(channels, self.read.values(), [3, 6, 6, 6, 6, 6]):
            self.add_module(f"boxes_{side}", nn.Conv2d(entering, boxes * 4, 3, 1, 1))
            self.add_module(f"scores_{side}", nn.Conv2d(entering, boxes * (classes + 1), 3, 1, 1))

    def forward(self, x):
        x = self.pool1(self.conv1.get_submodule("7x7_s2")(x))
        x = self.pool2(self.conv2.get_submodule("3x3")(self.conv2.get_submodule("3x3_reduce")(x)))
        maps = []
        for name, module in self.named_children():
            if name.startswith(("inception", "extra")):
                x = module(x)
            if name in self.read:
                side = self.read[name]
                maps += [self.get_submodule(f"boxes_{side}")(x), self.get_submodule(f"scores_{side}")(x)]
        return maps


class Block(nn.Module):
    """relu(x + scale * linear(branches(x)))"""

    def __init__(self, entering, scale, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)
        with torch.no_grad():
            channels = sum(branch(torch.zeros(1, entering, 8, 8)).shape[1] for branch in branches.values())
        self.conv2d = nn.Conv2d(channels, entering, 1)
        self.scale, self.branches = scale, tuple(branches)

    def forward(self, x):
        mixed = torch.cat([self.get_submodule(name)(x) for name in self.branches], 1)
        return torch.relu(x + self.scale * self.conv2d(mixed))


def block35():
    """Figure 10."""
    return Block(
        256, 0.17,
        branch0=Normed(256, 32, 1),
        branch1=nn.Sequential(Normed(256, 32, 1), Normed(32, 32, 3, 1, 1)),
        branch2=nn.Sequential(Normed(256, 32, 1), Normed(32, 32, 3, 1, 1), Normed(32, 32, 3, 1, 1)),
    )


def block17():
    """Figure 11."""
    return Block(
        896, 0.10,
        branch0=Normed(896, 128, 1),
        branch1=nn.Sequential(
            Normed(896, 128, 1), Normed(128, 128, (1, 7), 1, (0, 3)), Normed(128, 128, (7, 1), 1, (3, 0))
        ),
    )


def block8():
    """Figure 13."""
    return Block(
        1792, 0.20,
        branch0=Normed(1792, 192, 1),
        branch1=nn.Sequential(
            Normed(1792, 192, 1), Normed(192, 192, (1, 3), 1, (0, 1)), Normed(192, 192, (3, 1), 1, (1, 0))
        ),
    )


class InceptionResNetV1(nn.Module):
    """Figure 15 of "Inception-v4, Inception-ResNet ..." (Szegedy et al., 2016) with figures 10 to 14."""

    def __init__(self, classes=1000):
        super().__init__()
        self.conv2d_1a = Normed(3, 32, 3, 2)
        self.conv2d_2a = Normed(32, 32, 3)
        self.conv2d_2b = Normed(32, 64, 3, 1, 1)
        self.maxpool_3a = nn.MaxPool2d(3, 2)
        self.conv2d_3b = Normed(64, 80, 1)
        self.conv2d_4a = Normed(80, 192, 3)
        self.conv2d_4b = Normed(192, 256, 3, 2)
        self.repeat_1 = nn.Sequential(*[block35() for _ in range(5)])
        self.mixed_6a = Branches(
            branch0=Normed(256, 384, 3, 2),
            branch1=nn.Sequential(Normed(256, 192, 1), Normed(192, 192, 3, 1, 1), Normed(192, 256, 3, 2)),
            branch2=nn.MaxPool2d(3, 2),
        )
        self.repeat_2 = nn.Sequential(*[block17() for _ in range(10)])
        self.mixed_7a = Branches(
            branch0=nn.Sequential(Normed(896, 256, 1), Normed(256, 384, 3, 2)),
            branch1=nn.Sequential(Normed(896, 256, 1), Normed(256, 256, 3, 2)),
            branch2=nn.Sequential(Normed(896, 256, 1), Normed(256, 256, 3, 1, 1), Normed(256, 256, 3, 2)),
            branch3=nn.MaxPool2d(3, 2),
        )
        self.repeat_3 = nn.Sequential(*[block8() for _ in range(5)])
        self.logits = nn.Linear(1792, classes)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1e-3

    def forward(self, x):
        *stages, logits = self.children()
        for stage in stages:
            x = stage(x)
        return logits(x.mean((2, 3)))


def naive(entering, n1, n3, n5):
    """Figure 2a of "Going Deeper with Convolutions"."""
    return Branches(
        b1=Normed(entering, n1, 1),
        b3=Normed(entering, n3, 3, 1, 1),
        b5=Normed(entering, n5, 5, 1, 2),
        pool=nn.MaxPool2d(3, 1, 1),
    )


class Modules(nn.Module):
    """Four modules between a stem and a classifier: examples/inception-module."""

    def __init__(self, first, second, third, fourth, channels, classes=10):
        super().__init__()
        self.stem = Normed(1, 32, 3, 2, 1)
        self.inception_1, self.inception_2, self.pool_2 = first, second, nn.MaxPool2d(2)
        self.inception_3, self.inception_4 = third, fourth
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.pool_2(self.inception_2(self.inception_1(self.stem(x))))
        return self.classifier(self.inception_4(self.inception_3(x)).mean((2, 3)))


def naive_modules():
    return Modules(naive(32, 16, 32, 8), naive(88, 16, 32, 8), naive(144, 32, 64, 16), naive(256, 32, 64, 16), 368)


def reduced_modules():
    def reduced(*channels):
        return inception(Normed, *channels, names=("b1", "b3", "b5", "pool"))

    small, large = (16, 16, 32, 8, 8, 8), (32, 32, 64, 8, 16, 16)
    return Modules(reduced(32, *small), reduced(64, *small), reduced(64, *large), reduced(128, *large), 128)


class Double(nn.Sequential):
    def __init__(self, entering, n):
        super().__init__(nn.Conv2d(entering, n, 3, padding=1), nn.Conv2d(n, n, 3, padding=1))

    def forward(self, x):
        for conv in self:
            x = F.relu(conv(x))
        return x


class Beside(nn.Module):
    """What was seen at a size, and what comes from half of it."""

    def __init__(self, entering, n):
        super().__init__()
        self.up = nn.ConvTranspose2d(entering, n, 2, stride=2)

    def forward(self, skip, x):
        return torch.cat([skip, self.up(x)], 1)


class Up(nn.ModuleList):
    def __init__(self, n):
        super().__init__([Beside(2 * n, n), Double(2 * n, n)])

    def forward(self, skip, x):
        beside, double = self
        return double(beside(skip, x))


class UNet(nn.Module):
    """Ronneberger et al. (2015), figure 1, with padding."""

    def __init__(self, classes=2, width=64):
        super().__init__()
        n = [width * 2**i for i in range(5)]
        self.down1 = Double(3, n[0])
        self.down2 = nn.Sequential(nn.MaxPool2d(2), Double(n[0], n[1]))
        self.down3 = nn.Sequential(nn.MaxPool2d(2), Double(n[1], n[2]))
        self.down4 = nn.Sequential(nn.MaxPool2d(2), Double(n[2], n[3]))
        self.middle = nn.Sequential(nn.MaxPool2d(2), nn.Dropout(0.5), Double(n[3], n[4]))
        self.up4, self.up3, self.up2, self.up1 = Up(n[3]), Up(n[2]), Up(n[1]), Up(n[0])
        self.logits = nn.Conv2d(n[0], classes, 1)

    def forward(self, x):
        skips = [x := stage(x) for stage in (self.down1, self.down2, self.down3, self.down4)]
        x = self.middle(x)
        for up, skip in zip((self.up4, self.up3, self.up2, self.up1), reversed(skips), strict=True):
            x = up(skip, x)
        return self.logits(x)
