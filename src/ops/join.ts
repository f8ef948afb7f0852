/** The joins of the language as primitives: what `concat`, `add` and `residual` build. */
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
};
