"""The ONNX project's backend node cases for the operators of the language, weights baked in.

    python test/import/onnx/make/backend.py

writes fixtures/backend.json.gz: of each case the model, and what goes in and comes out. Made with
onnx 1.23 (Apache-2.0). What flows in is the first input, or all of a join; the others are constants.
"""

import base64
import gzip
import json
import pathlib
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.filterwarnings("ignore")
folder = pathlib.Path(__file__).parent.parent / "fixtures"
joins = {"Add", "Mul", "Sum", "Max", "Concat", "Mean", "Sub"}
operators = joins | set(
    """AveragePool BatchNormalization Clip Conv ConvTranspose Dropout Elu Flatten Gather Gelu Gemm
    GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Identity
    InstanceNormalization LRN LayerNormalization LeakyRelu LogSoftmax LpNormalization MatMul MaxPool Neg
    PRelu Pad ReduceMean Relu Reshape Resize Sigmoid Slice Softmax Split Squeeze Swish Tanh Transpose
    Unsqueeze Upsample""".split()
)
most = 3000


def is_picture(array):
    return array.dtype == np.float32 and array.ndim in (2, 4) and array.size <= most


def case_of(test):
    model = onnx.ModelProto()
    model.CopyFrom(test.model)
    nodes = model.graph.node
    if len(nodes) != 1 or nodes[0].op_type not in operators or nodes[0].domain:
        return None
    inputs, outputs = test.data_sets[0]
    if not all(isinstance(each, np.ndarray) for each in [*inputs, *outputs]):
        return None
    names = [each.name for each in model.graph.input]
    flows = 0
    if nodes[0].op_type in joins and all(map(is_picture, inputs)):
        flows = len(inputs)
    elif inputs and is_picture(inputs[0]):
        flows = 1
    if flows == 0 or any(each.size > most for each in [*inputs, *outputs]):
        return None
    for name, array in list(zip(names, inputs))[flows:]:
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    del model.graph.input[flows:]
    model.doc_string = ""
    if nodes[0].op_type == "LayerNormalization":
        # The statistics are for training.
        del nodes[0].output[1:], model.graph.output[1:]
    packed = lambda array: base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
    return {
        "name": test.name.removeprefix("test_"),
        "model": base64.b64encode(model.SerializeToString()).decode(),
        "inputs": [packed(each) for each in inputs[:flows]],
        "batch": int(inputs[0].shape[0]),
        "outputs": {out.name: packed(value) for out, value in zip(model.graph.output, outputs)},
    }


cases = [case for case in map(case_of, collect_testcases(None)) if case is not None]
unique = {case["name"]: case for case in cases if not case["name"].endswith("_expanded")}
text = json.dumps(list(unique.values()))
(folder / "backend.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
print(len(unique), "cases")
