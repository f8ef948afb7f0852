/** Weights of the graph, of constants of the file. */
import type { OnnxWeight } from "../../ops/onnx.js";
import type { Tensor } from "./constants/tensor.js";
import type { Weight } from "./graph-builder.js";

/** What a role takes of its operand: nothing is read before somebody asks for it. */
export function weightOf(role: OnnxWeight, tensor: Tensor): Weight {
  const { transposed, flattened, factor = 1 } = role;
  const flat = flattened ? tensor.shape.filter((side) => side !== 1) : tensor.shape;
  const shape = flattened && flat.length === 0 ? [1] : flat;
  const [rows = 0, columns = 0] = shape;
  return {
    name: tensor.name,
    shape: transposed ? [columns, rows] : shape,
    read: async () => {
      const values = await tensor.read();
      const own = transposed ? turned(values, rows, columns) : values;
      return factor === 1 ? own : own.map((value) => value * factor);
    },
  };
}

function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c]!;
  }
  return result;
}
