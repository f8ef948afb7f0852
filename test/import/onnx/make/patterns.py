"""Small networks of patterns that PyTorch's two exporters write, with seeded weights.

    python test/import/onnx/make/patterns.py

writes fixtures/patterns.json.gz: of each the model, what goes in, and what PyTorch makes of it. Made
with torch 2.13, onnx 1.23 and onnxscript 0.7.
"""

import base64
import gzip
import io
import json
import os
import pathlib
import tempfile
import warnings

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
folder = pathlib.Path(__file__).parent.parent / "fixtures"


class Of(nn.Module):
    def __init__(self, forward, **parts):
        super().__init__()
        self.run = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.run(self, x)


def transform(m, x):
    scaled = [x[:, i : i + 1] * (0.2 + i) + (0.1 - i) for i in range(3)]
    by_index = [torch.unsqueeze(x[:, i], 1) * 0.458 + 0.03 * i for i in range(3)]
    return m.conv(torch.cat(scaled, 1)) + m.conv(torch.cat(by_index, 1))


def shuffled(m, x):
    a, b = m.conv(x).chunk(2, dim=1)
    y = torch.cat([a, F.relu(b)], 1)
    n, c, h, w = y.size()
    y = y.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
    half = c // 2
    return y[:, :half] + y[:, half:] * 2


def gated(m, x):
    x = F.hardswish(m.conv(x))
    gate = F.hardsigmoid(m.up(F.relu(m.down(F.adaptive_avg_pool2d(x, 1)))))
    x = x * gate
    n, c, _, _ = x.size()
    gate = torch.sigmoid(m.fc2(F.relu(m.fc1(x.mean((2, 3)))))).view(n, c, 1, 1)
    return F.silu(x * gate)


def convnext(m, x):
    x = m.conv(x)
    y = m.norm(m.depthwise(x).permute(0, 2, 3, 1))
    y = m.out(F.gelu(m.inner(y))) * m.gamma.view(-1)
    return m.head((x + y.permute(0, 3, 1, 2)).mean([-2, -1]))


def groups(m, x):
    return F.gelu(m.instance(m.norm(m.conv(x))), approximate="tanh")


def classifier(m, x):
    x = F.relu6(m.bn(m.conv(F.pad(x, (0, 1, 0, 1)))))
    x = F.max_pool2d(x, 3, 2, 1, ceil_mode=True)
    x = F.avg_pool2d(x, 3, 1, 1) + F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    x = torch.flatten(m.drop(x), 1)
    return F.log_softmax(m.fc(x), dim=1)


def normalized(m, x):
    y = F.normalize(m.conv(x), dim=1) * m.gamma
    z = m.conv(x)
    z = z / (z.pow(2).sum(1, keepdim=True).sqrt() + 1e-10)
    return F.softmax(y + z * m.gamma, dim=1)


def decoder(m, x):
    a = F.leaky_relu(m.conv(x), 0.1)
    b = F.elu(m.down(a))
    up = F.interpolate(b, scale_factor=2, mode="nearest")
    return m.prelu(torch.cat([a, up, m.turn(b)], 1))


def bins(m, x):
    y = m.conv(x)
    return m.fc(F.adaptive_avg_pool2d(y, (2, 2)).reshape(x.shape[0], -1)) - m.other(y.amax((2, 3)))


def googlenet(m, x):
    x = m.first(F.max_pool2d(F.relu(m.conv(x)), 3, 2, ceil_mode=True))
    x = m.second(F.relu(m.deep(F.relu(m.reduce(x)))))
    return m.fc(torch.flatten(F.adaptive_avg_pool2d(F.max_pool2d(x, 3, 2), 1), 1))


def conv(i, o, k=3, **more):
    return nn.Conv2d(i, o, k, padding=k // 2, **more)


networks = {
    "transform_input": lambda: Of(transform, conv=conv(3, 4)),
    "shuffle": lambda: Of(shuffled, conv=conv(3, 8, 1)),
    "gates": lambda: Of(
        gated, conv=conv(3, 6), down=conv(6, 2, 1), up=conv(2, 6, 1), fc1=nn.Linear(6, 3), fc2=nn.Linear(3, 6)
    ),
    "convnext": lambda: Of(
        convnext, conv=conv(3, 6), depthwise=conv(6, 6, 5, groups=6), norm=nn.LayerNorm(6, eps=1e-6),
        inner=nn.Linear(6, 12), out=nn.Linear(12, 6), gamma=nn.Parameter(torch.rand(6, 1, 1)), head=nn.Linear(6, 4),
    ),
    "groups": lambda: Of(groups, conv=conv(3, 6), norm=nn.GroupNorm(3, 6), instance=nn.InstanceNorm2d(6)),
    "classifier": lambda: Of(
        classifier, conv=conv(3, 4, stride=2, bias=False), bn=nn.BatchNorm2d(4), drop=nn.Dropout(0.3), fc=nn.Linear(64, 5)
    ),
    "normalized": lambda: Of(normalized, conv=conv(3, 4), gamma=nn.Parameter(torch.rand(1, 4, 1, 1) + 0.5)),
    "decoder": lambda: Of(
        decoder, conv=conv(3, 4), down=conv(4, 4, stride=2), turn=nn.ConvTranspose2d(4, 2, 2, 2), prelu=nn.PReLU(10)
    ),
    "bins": lambda: Of(bins, conv=conv(3, 4, padding_mode="zeros"), fc=nn.Linear(16, 3), other=nn.Linear(4, 3)),
    "googlenet": lambda: Of(
        googlenet, conv=conv(3, 8), first=nn.LocalResponseNorm(5, alpha=2.5, beta=0.75, k=1.5), reduce=conv(8, 6, 1),
        deep=conv(6, 8), second=nn.LocalResponseNorm(3, alpha=1.25, beta=0.6, k=0.25), fc=nn.Linear(8, 5),
    ),
    "response": lambda: Of(
        lambda m, x: m.conv(F.local_response_norm(x, 3, alpha=0.8, beta=0.5, k=1.0)), conv=conv(3, 4, 1)
    ),
    "wide response": lambda: Of(
        lambda m, x: m.norm(m.conv(x)), conv=conv(3, 6), norm=nn.LocalResponseNorm(5, alpha=1.0, beta=1.0, k=3.0)
    ),
}


def seeded(name):
    torch.manual_seed(7)
    network = networks[name]().eval()
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network


def legacy(network, x, path, opset=17, dynamic=True, **more):
    axes = {"input": {0: "n"}} if dynamic else None
    torch.onnx.export(
        network, (x,), path, dynamo=False, opset_version=opset, dynamic_axes=axes, input_names=["input"], **more
    )


def dynamo(network, x, path, opset=18, dynamic=True, **more):
    shapes = {"x": {0: torch.export.Dim("n")}} if dynamic else None
    x = torch.cat([x, x]) if dynamic else x
    torch.onnx.export(
        network, (x,), path, dynamo=True, opset_version=opset, dynamic_shapes=shapes, external_data=False, verbose=False, **more
    )


unfolded = {"do_constant_folding": False, "training": torch.onnx.TrainingMode.PRESERVE}
ways = {
    "legacy 9": lambda *to: legacy(*to, opset=9),
    "legacy 11": lambda *to: legacy(*to, opset=11),
    "legacy 13": lambda *to: legacy(*to, opset=13),
    "legacy 17": lambda *to: legacy(*to),
    "legacy 17, one image": lambda *to: legacy(*to, dynamic=False),
    "legacy 17, unfolded": lambda *to: legacy(*to, **unfolded),
    "dynamo 18": lambda *to: dynamo(*to),
    "dynamo 18, one image": lambda *to: dynamo(*to, dynamic=False),
    "dynamo 23": lambda *to: dynamo(*to, opset=23),
    "dynamo 18, as traced": lambda *to: dynamo(*to, optimize=False),
}


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


cases = []
for name in networks:
    x = torch.randn(1, 3, 12, 12, generator=torch.Generator().manual_seed(1))
    for way, export in ways.items():
        path = os.path.join(tempfile.mkdtemp(), "model.onnx")
        try:
            export(seeded(name), x, path)
        except Exception as error:
            print("not exported:", name, way, str(error).split("\n")[0][:100])
            continue
        model = onnx.load(path)
        for node in model.graph.node:
            kept = [each for each in node.metadata_props if each.key == "pkg.torch.onnx.name_scopes"]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
            node.doc_string = ""
        del model.graph.value_info[:], model.graph.metadata_props[:], model.metadata_props[:]
        with torch.no_grad():
            y = seeded(name)(x)
        cases.append(
            {
                "name": f"{name}, {way}",
                "model": base64.b64encode(model.SerializeToString()).decode(),
                "inputs": [packed(x.numpy())],
                "batch": 1,
                "outputs": {model.graph.output[0].name: packed(y.numpy())},
            }
        )
(folder / "patterns.json.gz").write_bytes(gzip.compress(json.dumps(cases).encode(), 9, mtime=0))
print(len(cases), "networks")
