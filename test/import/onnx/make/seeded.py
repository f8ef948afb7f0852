"""Models whose weights come out of ConstantOfShape, with seeded numbers in their place: constants hide
what is transposed or exchanged. Variances are positive.

    python seeded.py OUT_FOLDER MODEL.onnx ...
    npm run judge:onnx -- OUT_FOLDER/*.onnx
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


def seeded(model):
    graph = model.graph
    shapes = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    made = {n.output[0]: n for n in graph.node if n.op_type == "ConstantOfShape"}
    variances = {n.input[4] for n in graph.node if n.op_type == "BatchNormalization"}
    random = np.random.default_rng(1)
    for name, node in made.items():
        shape = tuple(int(d) for d in shapes[node.input[0]])
        spread = np.sqrt(3 / max(1, np.prod(shape[1:])))
        numbers = random.uniform(-spread, spread, shape)
        if name in variances:
            numbers = random.uniform(0.5, 1.5, shape)
        graph.initializer.append(numpy_helper.from_array(numbers.astype(np.float32), name))
        graph.node.remove(node)
    return model


def main(folder, *files):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for file in files:
        onnx.save(seeded(onnx.load(file)), Path(folder) / Path(file).name)


main(*sys.argv[1:])
