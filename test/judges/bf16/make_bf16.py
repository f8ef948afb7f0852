"""Makes inception.safetensors: an Inception module between a stem and a head, with random weights,
as PyTorch computes it in double precision and in torch.bfloat16 on the CPU.

    python test/judges/bf16/make_bf16.py

Made with torch 2.x. The network is that of bf16.test.ts beside.
"""

import os

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(15)
torch.set_num_threads(1)


def conv(ins, outs, size, **more):
    return nn.Conv2d(ins, outs, size, padding="same", **more)


LAYERS = {
    "stem": nn.Conv2d(3, 24, 3, stride=2, padding=1),
    "mixed.one": conv(24, 16, 1),
    "mixed.three.0": conv(24, 8, 1),
    "mixed.three.1": conv(8, 20, 3),
    "mixed.five.0": conv(24, 4, 1),
    "mixed.five.1": conv(4, 8, 5),
    "mixed.pooled.1": conv(24, 12, 1),
    "fc": nn.Linear(56, 10),
}


def network(x, to):
    layer = {name: each.to(to) for name, each in LAYERS.items()}
    relu = torch.relu
    x = relu(layer["stem"](x.to(to)))
    one = relu(layer["mixed.one"](x))
    three = relu(layer["mixed.three.1"](relu(layer["mixed.three.0"](x))))
    five = relu(layer["mixed.five.1"](relu(layer["mixed.five.0"](x))))
    pooled = relu(layer["mixed.pooled.1"](nn.functional.max_pool2d(x, 3, 1, 1)))
    mixed = torch.cat([one, three, five, pooled], 1)
    return layer["fc"](mixed.mean((2, 3)))


x = torch.randn(4, 3, 21, 26)
tensors = {f"{name}.{key}": value.clone() for name, each in LAYERS.items()
           for key, value in each.state_dict().items()}
with torch.no_grad():
    exact = network(x, torch.float64).float()
    for name, each in LAYERS.items():  # What the conversion before has rounded comes back.
        each.load_state_dict({key: tensors[f"{name}.{key}"] for key in ("weight", "bias")})
    half = network(x, torch.bfloat16).float()
folder = os.path.dirname(os.path.abspath(__file__))
save_file({"x": x, "exact": exact, "half": half, **tensors},
          os.path.join(folder, "inception.safetensors"), {"made by": "make_bf16.py"})
print("torch's bf16 is off", float((half - exact).norm() / exact.norm()))
