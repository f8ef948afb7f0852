"""One model for each definition that ONNX has had of an operator since version 7.

    python test/import/onnx/make/definitions.py

writes fixtures/definitions.json.gz: of each the model, what goes in, and what ONNX Runtime makes of it.
Made with onnx 1.23 and onnxruntime 1.30, which says of some of the newest that it does not run them.
"""

import base64
import gzip
import json
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, defs, helper, numpy_helper

folder = pathlib.Path(__file__).parent.parent / "fixtures"
oldest = 7
rng = np.random.default_rng(1)


def numbers(low, high, *shape):
    """Of few bits, so that the file packs well."""
    return (rng.integers(low * 16, high * 16, shape) / 16 + 1 / 32).astype(np.float32)


def floats(name, *shape):
    return numpy_helper.from_array(numbers(-1, 1, *shape), name)


def above0(name, *shape):
    return numpy_helper.from_array(numbers(0.5, 1.5, *shape), name)


def is_float(name, value):
    return numpy_helper.from_array(np.array(value, np.float32), name)


def ints(name, value):
    return numpy_helper.from_array(np.array(value, np.int64), name)


node = helper.make_node
image, vector = [1, 8, 4, 4], [1, 8]
relu_behind = node("Relu", ["a"], ["y"])


def plain(op, *constants, **attributes):
    """An operator that has changed in nothing but what types it takes."""
    return lambda v: ([node(op, ["x", *(c.name for c in constants)], ["y"], **attributes)], list(constants))


def of_three(op):
    parts = [node("Relu", ["x"], ["r"]), node("Tanh", ["x"], ["t"]), node(op, ["r", "t"], ["y"])]
    return lambda v: (parts, [])


def listed(op, key, value, since, index=1, before=(), behind=(), result="y", **attributes):
    """A list that was an attribute before a version, and is an operand since."""

    def case(v):
        source = before[-1].output[0] if before else "x"
        if v < since:
            own, constants = node(op, [source], [result], **{key: value}, **attributes), []
        else:
            own, constants = node(op, [source, *[""] * (index - 1), key], [result], **attributes), [ints(key, value)]
        return [*before, own, *behind], constants

    return case


def clip(v):
    if v < 11:
        return [node("Clip", ["x"], ["y"], min=0.0, max=6.0)], []
    return [node("Clip", ["x", "low", "high"], ["y"])], [is_float("low", 0), is_float("high", 6)]


def resize(v):
    scales = is_float("scales", [1, 1, 2, 2])
    if v < 11:
        return [node("Resize", ["x", "scales"], ["y"], mode="nearest")], [scales]
    how = dict(mode="linear", coordinate_transformation_mode="half_pixel")
    roi = "roi" if v < 13 else ""
    constants = [numpy_helper.from_array(np.zeros(0, np.float32), "roi"), scales] if v < 13 else [scales]
    return [node("Resize", ["x", roi, "scales"], ["y"], **how)], constants


def upsample(v):
    if v < 9:
        return [node("Upsample", ["x"], ["y"], mode="nearest", scales=[1.0, 1.0, 2.0, 2.0])], []
    return [node("Upsample", ["x", "scales"], ["y"], mode="nearest")], [is_float("scales", [1, 1, 2, 2])]


def sliced(v):
    if v < 10:
        return [node("Slice", ["x"], ["y"], starts=[2], ends=[6], axes=[1])], []
    return [node("Slice", ["x", "s", "e", "a"], ["y"])], [ints("s", [2]), ints("e", [6]), ints("a", [1])]


def split(v):
    both = node("Add", ["a", "b"], ["y"])
    if v < 13:
        return [node("Split", ["x"], ["a", "b"], axis=1, split=[4, 4]), both], []
    if v < 18:
        return [node("Split", ["x", "s"], ["a", "b"], axis=1), both], [ints("s", [4, 4])]
    return [node("Split", ["x"], ["a", "b"], axis=1, num_outputs=2), both], []


def parted(v):
    nodes = [node("SplitToSequence", ["x", "s"], ["l"], axis=1)]
    nodes += [node("SequenceAt", ["l", at], [f"p{at}"]) for at in "ij"]
    return [*nodes, node("Add", ["pi", "pj"], ["y"])], [ints("s", 4), ints("i", 0), ints("j", 1)]


def pool(op):
    more = lambda v: {"ceil_mode": 1} if v >= 10 else {}
    return lambda v: ([node(op, ["x"], ["y"], kernel_shape=[3, 3], strides=[2, 2], **more(v))], [])


def by_length(op, last, number):
    def case(v):
        nodes, constants = listed(op, "axes", [1], 18, result="l")(v)
        nodes += [node(last, ["l", "e"], ["m"])]
        nodes += [node("Sqrt", ["m"], ["q"])] if op == "ReduceSumSquare" else []
        return [*nodes, node("Div", ["x", nodes[-1].output[0]], ["y"])], [*constants, is_float("e", [number])]

    return case


def group_norm(v):
    count = 2 if v < 21 else 8
    operands = [floats("s", count), floats("b", count)]
    return [node("GroupNormalization", ["x", "s", "b"], ["y"], num_groups=2)], operands


def shape(v):
    nodes = [node("Shape", ["x"], ["s"]), node("Gather", ["s", "z"], ["n"], axis=0)]
    nodes += [node("Unsqueeze", ["n"], ["u"], axes=[0]) if v < 13 else node("Unsqueeze", ["n", "z1"], ["u"])]
    nodes += [node("Concat", ["u", "rest"], ["to"], axis=0), node("Reshape", ["x", "to"], ["y"])]
    return nodes, [ints("z", 0), ints("z1", [0]), ints("rest", [-1])]


def gelu(v):
    nodes = [node("Div", ["x", "r"], ["d"]), node("Erf", ["d"], ["e"]), node("Add", ["e", "o"], ["p"])]
    nodes += [node("Mul", ["x", "p"], ["m"]), node("Mul", ["m", "h"], ["y"])]
    return nodes, [is_float("r", 2**0.5), is_float("o", 1), is_float("h", 0.5)]


def leaky(v):
    nodes = [node("Greater", ["x", "z"], ["g"]), node("Mul", ["x", "s"], ["m"]), node("Where", ["g", "x", "m"], ["y"])]
    return nodes, [is_float("z", 0), is_float("s", 0.2)]


def shuffle(v):
    nodes = [node("Reshape", ["x", "to"], ["a"]), node("Transpose", ["a"], ["t"], perm=[0, 2, 1, 3, 4])]
    return [*nodes, node("Reshape", ["t", "back"], ["y"])], [ints("to", [1, 2, 4, 4, 4]), ints("back", image)]


def made(op, *operands, **attributes):
    constant = lambda v: node(op, [c.name for c in operands], ["c"], **attributes)
    return lambda v: ([constant(v), node("Mul", ["x", "c"], ["y"])], list(operands))


average = node("GlobalAveragePool", ["x"], ["g"])
conv_behind = node("Conv", ["p", "w"], ["y"])
weights = floats("w", 4, 8, 3, 3)


def padded(v):
    nodes, constants = listed("Pad", "pads", [0, 0, 1, 2, 0, 0, 1, 2], 11, behind=[conv_behind], result="p")(v)
    return nodes, [*constants, weights]


images = {
    "Add": of_three("Add"),
    "AveragePool": pool("AveragePool"),
    "BatchNormalization": plain(
        "BatchNormalization", floats("s", 8), floats("b", 8), floats("m", 8), above0("v", 8), epsilon=1e-3
    ),
    "Cast": lambda v: ([node("Cast", ["x"], ["a"], to=1), relu_behind], []),
    "Clip": clip,
    "Concat": lambda v: ([node("Relu", ["x"], ["a"]), node("Concat", ["a", "x"], ["y"], axis=1)], []),
    "Constant": made("Constant", value=floats("", 8, 1, 1)),
    "ConstantOfShape": made("ConstantOfShape", ints("s", [1]), value=is_float("", [2])),
    "Conv": plain("Conv", weights, floats("b", 4), auto_pad="SAME_UPPER"),
    "ConvTranspose": plain("ConvTranspose", floats("w", 8, 2, 4, 4), strides=[2, 2], pads=[1, 1, 1, 1]),
    "Div": plain("Div", above0("c", 8, 1, 1)),
    "Dropout": lambda v: ([node("Dropout", ["x"], ["a"]), relu_behind], []),
    "Erf": gelu,
    "Expand": made("Expand", floats("w", 8, 1, 1), ints("s", [1, 8, 1, 1])),
    "Flatten": plain("Flatten", axis=1),
    "Gather": plain("Gather", ints("i", [0, 1, 2]), axis=1),
    "GroupNormalization": group_norm,
    "HardSigmoid": plain("HardSigmoid", alpha=1 / 6),
    "Identity": lambda v: ([node("Identity", ["x"], ["a"]), relu_behind], []),
    "InstanceNormalization": plain("InstanceNormalization", floats("s", 8), floats("b", 8)),
    "LRN": plain("LRN", size=5, alpha=1e-3, beta=0.7, bias=2.0),
    "LpNormalization": plain("LpNormalization", axis=1, p=2),
    "MaxPool": pool("MaxPool"),
    "Mul": of_three("Mul"),
    "PRelu": plain("PRelu", floats("s", 8, 1, 1)),
    "Pad": padded,
    "ReduceL2": by_length("ReduceL2", "Add", 1e-10),
    "ReduceMax": listed("ReduceMax", "axes", [2, 3], 18, keepdims=1),
    "ReduceMean": listed("ReduceMean", "axes", [2, 3], 18, keepdims=1),
    "ReduceSum": listed("ReduceSum", "axes", [2, 3], 13, keepdims=1),
    "ReduceSumSquare": by_length("ReduceSumSquare", "Add", 1e-4),
    "Reshape": plain("Reshape", ints("to", [0, -1])),
    "Resize": resize,
    "Shape": shape,
    "Slice": sliced,
    "Softmax": lambda v: ([node("Softmax", ["x"], ["y"], axis=3)], []),
    "Split": split,
    "SplitToSequence": parted,
    "Squeeze": listed("Squeeze", "axes", [2, 3], 13, before=[average]),
    "Sub": plain("Sub", floats("c", 8, 1, 1)),
    "Transpose": shuffle,
    "Upsample": upsample,
    "Where": leaky,
    **{op: of_three(op) for op in ("Max", "Mean", "Min", "Sum")},
    **{op: plain(op) for op in ("Elu", "Gelu", "GlobalAveragePool", "GlobalMaxPool", "HardSwish")},
    **{op: plain(op) for op in ("LeakyRelu", "Relu", "Sigmoid", "Swish", "Tanh")},
}
vectors = {
    "Gemm": plain("Gemm", floats("w", 5, 8), floats("c", 5), transB=1),
    "LayerNormalization": plain("LayerNormalization", floats("s", 8), floats("b", 8), axis=-1),
    "LogSoftmax": plain("LogSoftmax"),
    "MatMul": plain("MatMul", floats("w", 8, 5)),
    "Softmax": plain("Softmax"),
}


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def versions_of(op):
    found = [s.since_version for s in defs.get_all_schemas_with_history() if (s.domain, s.name) == ("", op)]
    first = max((v for v in found if v <= oldest), default=0)
    return sorted({max(v, oldest) for v in found if v >= first})


options = onnxruntime.SessionOptions()
options.log_severity_level = 4
cases = []
for table, dims in ((images, image), (vectors, vector)):
    x = numbers(-1, 1, *dims)
    for op, case in table.items():
        for version in versions_of(op):
            nodes, constants = case(version)
            ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("x", dims), ("y", None))]
            graph = helper.make_graph(nodes, op, ports[:1], ports[1:], constants)
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=8)
            name = f"{op} {version}" + (", of a vector" if table is vectors else "")
            try:
                session = onnxruntime.InferenceSession(model.SerializeToString(), options)
                (y,) = session.run(None, {"x": x})
            except Exception as error:
                print("not run:", name, str(error).split("\n")[0][:100])
                continue
            cases.append(
                {
                    "name": name,
                    "model": base64.b64encode(model.SerializeToString()).decode(),
                    "inputs": [packed(x)],
                    "batch": 1,
                    "outputs": {"y": packed(y)},
                }
            )
with open(folder / "definitions.json.gz", "wb") as file:
    file.write(gzip.compress(json.dumps(cases).encode(), mtime=0))
print(len(cases), "models")
