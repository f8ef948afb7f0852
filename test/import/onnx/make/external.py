"""A convolution whose weights are in a file beside the model, one whose weights would be outside, and one
that has them where an import would write.

    python test/import/onnx/make/external.py

writes fixtures/external/. Made with onnx 1.23.
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper

folder = pathlib.Path(__file__).parent.parent / "fixtures" / "external"


def model(location):
    weight = TensorProto(
        name="stem.weight",
        data_type=TensorProto.FLOAT,
        dims=[2, 3, 3, 3],
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in {"location": location, "offset": "16", "length": "216"}.items():
        weight.external_data.add(key=key, value=value)
    node = helper.make_node("Conv", ["x", "stem.weight"], ["y"], name="stem", pads=[1, 1, 1, 1])
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", channels, 5, 4])
        for name, channels in (("x", 3), ("y", 2))
    ]
    graph = helper.make_graph([node], "external", ports[:1], ports[1:], [weight])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


folder.mkdir(parents=True, exist_ok=True)
onnx.save(model("weights.bin"), folder / "beside.onnx")
onnx.save(model("../hints.test.ts"), folder / "outside.onnx")
onnx.save(model("named.safetensors"), folder / "named.onnx")
values = np.arange(-4, 54, dtype=np.float32)
(folder / "weights.bin").write_bytes(values.tobytes())
