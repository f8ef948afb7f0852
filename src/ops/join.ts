/** The joins of the language as primitives: what `concat`, `add` and `residual` build. */
import { first, joined, perImage } from "./evaluate.js";
import { oneNode, type OnnxNode } from "./onnx.js";
import type { Primitive } from "./primitive.js";
import { channels } from "./shape.js";

export interface ConcatAttrs {
  /** Operands that a pass has their producers write straight into the result; all false as built. */
  readonly inPlace: readonly boolean[];
}

/** Along channels, in operand order. */
export const concat: Primitive<ConcatAttrs> = {
  name: "concat",
  infer: (inputs) => [
    [inputs.reduce((sum, input) => sum + channels(input), 0), ...inputs[0]!.slice(1)],
  ],
  weights: () => ({}),
  macs: () => 0,
  format: ({ inPlace }) => {
    const placed = inPlace.filter(Boolean).length;
    return placed === 0 ? "" : `${placed} of ${inPlace.length} in place`;
  },
  tolerance: 0,
  inPlace: false,
  evaluate: perImage(({ inputs }) => [joined(inputs.map(({ data }) => data))]),
  onnx: oneNode("Concat", { axis: 1 }),
};

export interface AddAttrs {
  /** One factor an operand. */
  readonly scales: readonly number[];
}

/** The sum of scales[i] * x[i]. */
export const add: Primitive<AddAttrs> = {
  name: "add",
  infer: ([first]) => [first!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ scales }) => (scales.every((s) => s === 1) ? "" : `scales ${scales.join(", ")}`),
  tolerance: 1e-6,
  inPlace: true,
  evaluate: ({ inputs }, { scales }) => [
    first(inputs).data.map((_, i) =>
      inputs.reduce((sum, { data }, term) => sum + scales[term]! * data[i]!, 0),
    ),
  ],
  onnx: writeAdd,
};

function writeAdd(node: OnnxNode, { scales }: AddAttrs): void {
  const terms = node.inputs.map(({ name }, i) => {
    const factor = scales[i]!;
    if (factor === 1) return name;
    return node.add("Mul", [name, node.constant("factor", [], Float32Array.of(factor))]);
  });
  node.finish("Sum", terms);
}
