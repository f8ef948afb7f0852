"""Files as torch.save makes them, and what PyTorch itself reads out of each.

    python test/fixtures-checkpoints/make_torch.py

writes torch/*.pth, and torch/expected.json: of each file the tensors of its state dict by name, with
their shape, their type and their values as f32. Made with torch 2.13 and pickles of fixed seeds.
"""

import collections
import json
import pathlib
import sys
import types
import warnings
import zipfile

import torch
from torch import nn

warnings.filterwarnings("ignore")
folder = pathlib.Path(__file__).parent / "torch"
folder.mkdir(exist_ok=True)
torch.manual_seed(7)
expected = {}


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, bias=False)
        self.bn = nn.BatchNorm2d(3)
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(self.bn(self.conv(x)).mean((2, 3)))


# As if it were defined in models.py: pickles of whole modules name where, and no path of this machine.
Tiny.__module__ = "models"
sys.modules["models"] = types.ModuleType("models")
sys.modules["models"].Tiny = Tiny


def values_of(tensor):
    # Through strings, since JSON has no infinities: what float() of Python and Number() of JavaScript read.
    return [repr(v) for v in tensor.detach().to(torch.float32).flatten().tolist()]


def save(name, what, state=None, **options):
    torch.save(what, folder / f"{name}.pth", **options)
    if state is not None:
        expected[name] = {
            key: {
                "shape": list(value.shape),
                "dtype": str(value.dtype).removeprefix("torch."),
                "values": values_of(value),
            }
            for key, value in state.items()
            if isinstance(value, torch.Tensor)
        }


model = Tiny()
state = model.state_dict()
save("zip", state, state)
save("legacy", state, state, _use_new_zipfile_serialization=False)
for protocol in (3, 4, 5):
    save(f"protocol{protocol}", state, state, pickle_protocol=protocol)
save("legacy4", state, state, pickle_protocol=4, _use_new_zipfile_serialization=False)

floats = torch.tensor([0.0, -1.5, 1 / 3, 65504.0, 1e-7, float("inf"), float("-inf"), 3e38])
kinds = {
    name: floats.to(getattr(torch, name)) for name in ("float64", "float32", "float16", "bfloat16")
}
integers = torch.tensor([-3, 0, 1, 127])
kinds |= {name: integers.to(getattr(torch, name)) for name in ("int64", "int32", "int16", "int8")}
kinds |= {"uint8": integers.abs().to(torch.uint8), "bool": integers > 0}
save("dtypes", kinds, kinds)
save("dtypes-legacy", kinds, kinds, _use_new_zipfile_serialization=False)
halves = {"uint16": integers.abs().to(torch.uint16), "float8": floats.to(torch.float8_e4m3fn)}
complexes = {"complex64": torch.tensor([1 + 2j]), "w": torch.ones(2)}
save("dtypes-other", halves | complexes, {"w": torch.ones(2)})

base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
views = {
    "base": base,
    "row": base[2],
    "column": base[:, 3],
    "block": base[1:3, 2:5],
    "transposed": base.t(),
    "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
    "channels_last": torch.arange(24.0).reshape(1, 2, 3, 4).to(memory_format=torch.channels_last),
    "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 5),
    "one": torch.tensor(4.5).expand(3, 2),
    "scalar": torch.tensor(-2.25),
    "empty": torch.empty(0, 3),
    "half_column": base.to(torch.float16)[:, 1],
}
save("views", views, views)
save("views-legacy", views, views, _use_new_zipfile_serialization=False)
tied = collections.OrderedDict(a=base, b=base, c=base.t())
save("shared", tied, tied)

optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
model(torch.randn(2, 2, 5, 5)).sum().backward()
optimizer.step()
state = model.state_dict()
whole = {
    "state_dict": state,
    "optimizer": optimizer.state_dict(),
    "epoch": 12,
    "best": 0.875,
    "loss": torch.tensor(0.5),
    "names": ("cat", b"dog", None, True, 2**40, -(2**70), {1, 2}, frozenset([3])),
    "device": torch.device("cpu"),
}
save("nested", whole, state)
save("deep", {"run": {"model": {"net": state}}, "history": [0.1, 0.2]}, state)
ema = {key: value * 2 for key, value in state.items()}
save("several", {"model": state, "ema": {"state_dict": ema}, "optimizer": optimizer.state_dict()}, ema)
save("same", {"model": state, "state_dict": state}, state)
save("parts", [state, {"lr": 1}], state)
parameters = {key: nn.Parameter(value) for key, value in model.named_parameters()}
marked = nn.Parameter(torch.ones(2))
marked.note = "kept"
noted = torch.full((2,), 3.0)
noted.note = "kept"
parameters |= {"marked": marked, "noted": noted}
save("parameters", parameters, parameters)
odd_names = {name: torch.full((1,), float(i)) for i, name in enumerate(("__proto__", "constructor", "toString", "π.weight", ""))}
save("names", odd_names, odd_names)

save("module", model)
save("module-in-dict", {"model": model, "epoch": 3})
# Else the source text of this file is in it.
torch.serialization.get_source_lines_and_file = None
save("module-legacy", model, _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.trace(model.eval(), torch.randn(1, 2, 5, 5)), folder / "torchscript.pth")
with zipfile.ZipFile(folder / "torchscript.pth") as packed:
    entries = [(info.filename, packed.read(info)) for info in packed.infolist()]
with zipfile.ZipFile(folder / "torchscript.pth", "w") as again:
    for name, data in entries:
        # Those have paths of the machine that traced it.
        if not name.endswith(".debug_pkl"):
            again.writestr(zipfile.ZipInfo(name), data)
plain = torch.tensor([1.0, 2.0])
others = {
    "quantized": torch.quantize_per_tensor(floats[:4].clamp(-2, 2), 0.1, 0, torch.qint8),
    "sparse": torch.eye(3).to_sparse(),
    "csr": torch.eye(3).to_sparse_csr(),
    "meta": torch.empty(2, 3, device="meta"),
    "numpy": __import__("numpy").ones(3, dtype="float32"),
    "plain": plain,
}
save("unreadable", others, {"plain": plain})
complexes = torch.tensor([1 + 2j, 3 - 4j])
legacy_others = {"c": complexes.to(torch.complex128), "quantized": others["quantized"], "plain": plain}
save("unreadable-legacy", legacy_others, {"plain": plain}, _use_new_zipfile_serialization=False)
save("negated", {"imag": torch.conj(complexes).imag, "plain": plain}, {"plain": plain})
save("score", {"best": others["numpy"], "state_dict": {"plain": plain}}, {"plain": plain})
save("no-tensors", {"epoch": 3, "names": ["cat"]})
save("tensor", base)

# As tools that know nothing of PyTorch pack the same entries again.
with zipfile.ZipFile(folder / "zip.pth") as packed:
    entries = [(info.filename, packed.read(info)) for info in packed.infolist()]
with zipfile.ZipFile(folder / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as again:
    again.writestr("zip/", b"")
    for name, data in reversed(entries):
        again.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
expected["deflated"] = expected["zip"]



def packed_again(name, of, change):
    """A file with the entries of another: `change(key, data)` makes its storages and its pickle, data.pkl."""
    with zipfile.ZipFile(folder / f"{of}.pth") as packed:
        entries = [(info.filename, packed.read(info)) for info in packed.infolist()]
    with zipfile.ZipFile(folder / f"{name}.pth", "w") as again:
        for path, data in entries:
            key = path.split("/")[-1]
            if "/data/" in path or key == "data.pkl":
                data = change(key, data)
            again.writestr(zipfile.ZipInfo(path), b"big" if key == "byteorder" and "endian" in name else data)
    expected[name] = expected[of]


def turned(data, width):
    return b"".join(data[i : i + width][::-1] for i in range(0, len(data), width))


# As a machine of the other byte order writes them. The one integer of the network is a count of batches.
counts = (bytes(8), b"\1" + bytes(7))
packed_again("big-endian", "zip", lambda key, data: data if key == "data.pkl" else turned(data, 8 if data in counts else 4))
widths = [kind.element_size() for kind in kinds.values()]
packed_again("big-endian-dtypes", "dtypes", lambda key, data: data if key == "data.pkl" else turned(data, widths[int(key)]))
# What a download that broke off, or a hand, leaves: storages that are shorter than the tensors in them.
packed_again("short", "views", lambda key, data: data if key == "data.pkl" else data[: len(data) // 2])
# A tensor of 5 x 6 in a storage of 24.
packed_again("beyond", "views", lambda key, data: data.replace(b"K\x04K\x06", b"K\x05K\x06", 1) if key == "data.pkl" else data)
del expected["short"], expected["beyond"]

(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
