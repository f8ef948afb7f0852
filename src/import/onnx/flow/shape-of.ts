import type { Call } from "../call.js";
import { type Element, times } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";

/** The dimensions of an operand, or how many elements they are: known but for the batch. */
export function shapeOf(opType: "Shape" | "Size", { operands, reader, node }: Call): Tensor {
  const [operand] = operands;
  if (operand === undefined) return refuse("has no operand");
  const dims: readonly Element[] = operand instanceof Tensor ? operand.shape : operand.dims;
  const name = node.outputs[0] ?? "";
  if (opType === "Size") {
    const size = dims.reduce<Element | undefined>(
      (so, side) => (so === undefined ? so : times(so, side)),
      1,
    );
    return Tensor.of(name, [], "integer", [
      size ?? refuse("hangs on the batch in a way that is not read"),
    ]);
  }
  const own = dims.slice(reader.integer("start", 0), reader.integer("end", dims.length));
  return Tensor.of(name, [own.length], "integer", own);
}
