/** The derivatives of a linear map: by its input, by its weight, and by its bias. */
import { inner } from "../inner.js";
import type { BuildValue, Gradients, Operandwise, RuleBuilder, RuleNode } from "../primitive.js";
import { elements, type Shape } from "../shape.js";
import { sumChannels } from "./sum-channels.js";

/** From dy and, by role, the weight: dx = W^T dy, in the input's own shape. */
export const linearInputGradient = inner<{ readonly shape: Shape }>({
  name: "linear-input-gradient",
  operands: "one",
  infer: (_, { shape }) => [shape],
  weights: ([dy], { shape }) => ({ weight: [elements(dy!), elements(shape)] }),
  macs: ([dy], { shape }) => elements(dy!) * elements(shape),
  evaluate: ({ inputs: [dy], weights }, { shape }, n) => {
    const [row, features] = [elements(shape), elements(dy!.shape)];
    const weight = weights["weight"]!.data;
    const dx = new Float64Array(n * row);
    dy!.data.forEach((d, at) => {
      const [image, o] = [Math.floor(at / features), at % features];
      for (let i = 0; i < row; i++) dx[image * row + i]! += weight[o * row + i]! * d;
    });
    return [dx];
  },
});

/** From x and dy, summed over the images of a batch: dW = dy x^T. */
export const linearWeightGradient = inner({
  name: "linear-weight-gradient",
  infer: ([x, dy]) => [[elements(dy!), elements(x!)]],
  results: () => [{ extent: "batch" }],
  macs: ([x, dy]) => elements(dy!) * elements(x!),
  evaluate: ({ inputs: [x, dy] }) => {
    const [row, features] = [elements(x!.shape), elements(dy!.shape)];
    const dw = new Float64Array(features * row);
    dy!.data.forEach((d, at) => {
      const [image, o] = [Math.floor(at / features), at % features];
      for (let i = 0; i < row; i++) dw[o * row + i]! += d * x!.data[image * row + i]!;
    });
    return [dw];
  },
});

export function linearGradient(
  b: RuleBuilder,
  { inputs: [x], weights }: RuleNode,
  [dy]: readonly (BuildValue | undefined)[],
  wants: Operandwise<boolean>,
): Gradients {
  const weight = weights["weight"]!;
  return {
    inputs: [
      wants.inputs[0]
        ? b.node(linearInputGradient, [dy!], { shape: x!.shape }, { weight })
        : undefined,
    ],
    weights: {
      weight: wants.weights["weight"] ? b.node(linearWeightGradient, [x!, dy!], {}) : undefined,
      bias: wants.weights["bias"] ? b.node(sumChannels, [dy!], {}) : undefined,
    },
  };
}
