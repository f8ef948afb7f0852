"""Fine-tunes GoogLeNet's classifier in PyTorch on a folder of pictures by class, and prints what came of it.

    python torch_finetune.py GOOGLENET.safetensors TRAIN TEST [--seeds N] [--epochs N] [--lr X]

As `inceptc train googlenet.incept --weights GOOGLENET.safetensors --freeze 'conv_*,inception_*' --data TRAIN
--validate TEST` does it: pictures as the spec's `from image(...)` says, what the frozen layers make of them
computed once, then dropout and a new linear layer by SGD with momentum, batches of 32, a constant rate.
Needs torch, numpy, pillow and safetensors.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2] / "test" / "fixtures-torch" / "training"))
import torch_networks as networks  # noqa: E402

MEAN = torch.tensor([104.0, 117.0, 123.0]).view(3, 1, 1)
BATCH, MOMENTUM, DROPPED = 32, 0.9, 0.4


def prepared(path):
    """Short side to 256, the centre's 224 x 224, channels B G R less their means."""
    picture = Image.open(path).convert("RGB")
    scale = 256 / min(picture.size)
    picture = picture.resize([int(side * scale) for side in picture.size], Image.Resampling.BILINEAR)
    left, top = [round((side - 224) / 2) for side in picture.size]
    pixels = np.asarray(picture.crop((left, top, left + 224, top + 224)), np.float32)
    return torch.from_numpy(pixels[:, :, ::-1].transpose(2, 0, 1).copy()) - MEAN


def features(net, folder):
    """What the layers before the classifier make of each picture, and its class."""
    classes = sorted(each.name for each in folder.iterdir() if each.is_dir())
    paths = [(path, label) for label, name in enumerate(classes) for path in sorted((folder / name).iterdir())]
    found = []
    with torch.no_grad():
        for at in range(0, len(paths), 50):
            net(torch.stack([prepared(path) for path, _ in paths[at : at + 50]]))
            found.append(net.seen)
    return torch.cat(found), torch.tensor([label for _, label in paths]), len(classes)


class Front(networks.GoogLeNet):
    """Remembers what the classifier was given."""

    def __init__(self, weights):
        super().__init__(1000)
        self.load_state_dict(load_file(weights), strict=False)
        self.classifier.register_forward_pre_hook(lambda _, given: setattr(self, "seen", given[0]))
        self.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights")
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    net = Front(options.weights)
    images, labels, classes = features(net, options.train)
    test_images, test_labels, _ = features(net, options.test)
    for seed in range(1, options.seeds + 1):
        torch.manual_seed(seed)
        head = nn.Linear(images.shape[1], classes)
        optimizer = torch.optim.SGD(head.parameters(), lr=options.lr, momentum=MOMENTUM)
        shares = []
        for _ in range(options.epochs):
            for indices in torch.randperm(len(images))[: len(images) // BATCH * BATCH].split(BATCH):
                loss = F.cross_entropy(head(F.dropout(images[indices], DROPPED)), labels[indices])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            with torch.no_grad():
                shares.append((head(test_images).argmax(1) == test_labels).double().mean().item())
        print(f"seed {seed}: last {shares[-1]:.3f}, best {max(shares):.3f}, mean of five {np.mean(shares[-5:]):.3f}", flush=True)


if __name__ == "__main__":
    main()
