"""What the files of a folder hold, as expected.json beside them: for the scripts that make them."""

import json

import numpy as np


class Expected:
    def __init__(self, folder):
        self.folder = folder
        self.files = {}
        folder.mkdir(exist_ok=True)

    def add(self, file, tensors, dtype="F32"):
        """tensors: by name an array, or an array and its type as safetensors calls it."""
        made = {
            name: entry(*value) if isinstance(value, tuple) else entry(value, dtype)
            for name, value in tensors.items()
        }
        # Of files that hold the same, the others name the first.
        same = (other for other, known in self.files.items() if isinstance(known, dict) and list(known.items()) == list(made.items()))
        self.files[file] = next(same, made) if made else made

    def write(self):
        # A tensor a line.
        files = [f'  "{file}": {written(tensors)}' for file, tensors in self.files.items()]
        (self.folder / "expected.json").write_text("{\n" + ",\n".join(files) + "\n}\n")


def written(tensors):
    if isinstance(tensors, str):
        return json.dumps(tensors)
    lines = [f'    "{name}": {json.dumps(one)}' for name, one in tensors.items()]
    return "{\n" + ",\n".join(lines) + "\n  }"


def entry(values, dtype):
    values = np.asarray(values)
    with np.errstate(over="ignore"):
        singles = values.astype(np.float32)
    # Through strings, since JSON has no infinities.
    return {"shape": list(values.shape), "dtype": dtype, "values": [repr(float(v)) for v in singles.flatten()]}
