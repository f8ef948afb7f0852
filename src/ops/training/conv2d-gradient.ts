/** The derivatives of a convolution: by its input, by its weight, and by its bias. */
import { bug } from "../../diagnostics/bug.js";
import { type Taps, visitTaps } from "../conv2d-evaluate.js";
import { inner } from "../inner.js";
import { concat } from "../joins/concat.js";
import type {
  BuildValue,
  Gradients,
  Operand,
  Operandwise,
  RuleBuilder,
  RuleNode,
} from "../primitive.js";
import { elements, plane, type Shape } from "../shape.js";
import { sumChannels } from "./sum-channels.js";
import { zerosLike } from "./zeros-like.js";

/** The taps, and the shape of what the derivative is by. */
export interface ConvGradientAttrs extends Taps {
  readonly shape: Shape;
}

/** From dy and, by role, the weight: the transposed convolution. */
export const convInputGradient = inner<ConvGradientAttrs>({
  name: "conv-input-gradient",
  operands: "one",
  infer: (_, { shape }) => [shape],
  weights: ([dy], { shape, groups, kernel }) => ({
    weight: [dy![0]!, shape[0]! / groups, ...kernel],
  }),
  macs: ([dy], attrs) => multiplies(dy!, attrs.shape, attrs),
  evaluate: ({ inputs: [dy], weights }, attrs, n) => {
    const { shape } = attrs;
    const dx = new Float64Array(n * elements(shape));
    const weight = weights["weight"]!.data;
    eachImage(n, dy!, shape, (out, into) => {
      visitTaps(attrs, shape, plane(dy!.shape), (y, w, x) => {
        dx[into + x]! += weight[w]! * dy!.data[out + y]!;
      });
    });
    return [dx];
  },
});

/** From x and dy, summed over the images of a batch. */
export const convWeightGradient = inner<ConvGradientAttrs>({
  name: "conv-weight-gradient",
  infer: (_, { shape }) => [shape],
  results: () => [{ extent: "batch" }],
  macs: ([x, dy], attrs) => multiplies(dy!, x!, attrs),
  evaluate: ({ inputs: [x, dy] }, attrs, n) => {
    const dw = new Float64Array(elements(attrs.shape));
    eachImage(n, dy!, x!.shape, (out, from) => {
      visitTaps(attrs, x!.shape, plane(dy!.shape), (y, w, at) => {
        dw[w]! += x!.data[from + at]! * dy!.data[out + y]!;
      });
    });
    return [dw];
  },
});

const multiplies = (dy: Shape, x: Shape, { kernel, groups }: Taps): number =>
  (elements(dy) * kernel[0] * kernel[1] * x[0]!) / groups;

/** Where each image's dy begins, and what is of `shape` beside it. */
function eachImage(
  n: number,
  dy: Operand,
  shape: Shape,
  visit: (dy: number, beside: number) => void,
): void {
  for (let image = 0; image < n; image++) {
    visit(image * elements(dy.shape), image * elements(shape));
  }
}

/** Merged siblings are one convolution, whose result is theirs side by side. */
export function convGradient(
  b: RuleBuilder,
  { attrs, inputs: [x], weights, outputs }: RuleNode<Taps & { readonly activation: string }>,
  dys: readonly (BuildValue | undefined)[],
  wants: Operandwise<boolean>,
): Gradients {
  if (attrs.activation !== "none") bug(`a convolution with ${attrs.activation} is differentiated`);
  const all = dys.map((dy, i) => dy ?? b.node(zerosLike, [outputs[i]!], {}));
  const dy = all.length === 1 ? all[0]! : b.node(concat, all, {});
  const { kernel, stride, pads, dilation, groups, channels } = attrs;
  const taps = { kernel, stride, pads, dilation, groups, channels };
  const weight = weights["weight"]!;
  const by = { ...taps, shape: x!.shape };
  return {
    inputs: [wants.inputs[0] ? b.node(convInputGradient, [dy], by, { weight }) : undefined],
    weights: {
      weight: wants.weights["weight"]
        ? b.node(convWeightGradient, [x!, dy], { ...taps, shape: weight.shape })
        : undefined,
      bias: wants.weights["bias"] ? b.node(sumChannels, [dy], {}) : undefined,
    },
  };
}
