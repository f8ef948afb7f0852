/** The derivatives of joins of elements, whose operands may be spread over height and width. */
import { inner } from "../inner.js";
import type { BuildValue, RuleBuilder } from "../primitive.js";
import { scale } from "../scale.js";
import { sameShape } from "../shape.js";
import { sumPlane } from "./sum-plane.js";

/** dx of an operand that may be spread, from the derivative at every place of the result. */
export const gathered = (b: RuleBuilder, operand: BuildValue, dx: BuildValue): BuildValue =>
  sameShape(operand.shape, dx.shape) ? dx : b.node(sumPlane, [dx], {});

export const scaled = (b: RuleBuilder, dy: BuildValue, factor: number): BuildValue =>
  factor === 1 ? dy : b.node(scale, [dy], { scale: [factor], shift: [0] });

/** From dy, y and all operands: those that are as large as the result share the derivative. */
export const maxGradient = inner<{ readonly operand: number }>({
  name: "max-gradient",
  inPlace: true,
  infer: ([dy]) => [dy!],
  format: ({ operand }) => `operand ${operand}`,
  evaluate: ({ inputs: [dy, y, ...operands] }, { operand }) => {
    const dx = dy!.data.map((d, i) => {
      const largest = operands.filter(({ data }) => data[i] === y!.data[i]);
      return largest.includes(operands[operand]!) ? d / largest.length : 0;
    });
    return [dx];
  },
});
