"""ONNX models with initializers stored in every way, and what the onnx package reads out of them.

    python test/fixtures-checkpoints/make_onnx.py

writes onnx/*.onnx, the data beside them, and onnx/expected.json. Made with onnx 1.23.
"""

import pathlib

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from expected import Expected

folder = pathlib.Path(__file__).parent / "onnx"
expected = Expected(folder)
random = np.random.default_rng(9)
names = {
    TensorProto.FLOAT: "F32",
    TensorProto.DOUBLE: "F64",
    TensorProto.FLOAT16: "F16",
    TensorProto.BFLOAT16: "BF16",
    TensorProto.INT64: "I64",
    TensorProto.UINT8: "U8",
}


def model_of(tensors, sparse=()):
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    node = helper.make_node("Identity", ["x"], ["y"], name="the node")
    graph = helper.make_graph([node], "graph", ports[:1], ports[1:], tensors)
    graph.sparse_initializer.extend(sparse)
    return helper.make_model(graph, producer_name="make_onnx.py", ir_version=10)


def save(file, tensors, **more):
    (folder / file).write_bytes(model_of(tensors, **more).SerializeToString())
    readable = [one for one in tensors if one.data_type != TensorProto.INT64]
    expected.add(
        file, {one.name: (numpy_helper.to_array(one, str(folder)), names[one.data_type]) for one in readable}
    )


numbers = np.concatenate([random.normal(size=9), [0, -1.5, 65504, 1e-7, np.inf, -np.inf]]).reshape(3, 5)
# A long one, whose numbers go over what is read at once.
long = np.arange(5600) % 7 - 3.0
both = ((TensorProto.FLOAT, np.float32), (TensorProto.DOUBLE, np.float64), (TensorProto.FLOAT16, np.float16), (TensorProto.BFLOAT16, ml_dtypes.bfloat16))
tensors = []
for kind, dtype in both:
    name = names[kind].lower()
    with np.errstate(over="ignore"):
        values = numbers.astype(dtype)
    tensors.append(numpy_helper.from_array(values, f"conv.{name}/raw"))
    tensors.append(helper.make_tensor(f"conv.{name}/typed", kind, values.shape, values.flatten().tolist()))
tensors.append(helper.make_tensor("long", TensorProto.FLOAT16, [5600], long.astype(np.float16).tolist()))
tensors.append(helper.make_tensor("scalar", TensorProto.FLOAT, [], [2.5]))
tensors.append(helper.make_tensor("empty", TensorProto.FLOAT, [0, 3], []))
tensors.append(helper.make_tensor("bytes", TensorProto.UINT8, [3], [0, 7, 255]))
tensors.append(helper.make_tensor("a shape", TensorProto.INT64, [2], [1, -1]))
save("typed.onnx", tensors)

sparse = helper.make_sparse_tensor(
    helper.make_tensor("sparse", TensorProto.FLOAT, [2], [1.0, 2.0]),
    helper.make_tensor("sparse_indices", TensorProto.INT64, [2], [1, 5]),
    [2, 4],
)
save("sparse.onnx", [numpy_helper.from_array(numbers.astype(np.float32), "w")], sparse=[sparse])


def external(name, location, offset=None, length=None):
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[2, 3])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    return tensor


(folder / "external.bin").write_bytes(random.normal(size=12).astype(np.float32).tobytes())
(folder / "below").mkdir(exist_ok=True)
(folder / "below" / "more.bin").write_bytes(random.normal(size=6).astype(np.float32).tobytes())
save(
    "external.onnx",
    [
        external("first", "external.bin", length=24),
        external("second", "external.bin", 24, 24),
        external("third", "below/more.bin", 0),
    ],
)
refused = [
    external("outside", "../make_onnx.py"),
    external("far", "/etc/hostname"),
    external("back", "below/../../expected.py"),
    external("nowhere", "absent.bin"),
    external("short", "external.bin", 36),
    external("odd", "external.bin", "0x10"),
    external("wrong", "external.bin", 0, 20),
    external("unnamed", ""),
]
(folder / "refused.onnx").write_bytes(model_of(refused).SerializeToString())
expected.write()
