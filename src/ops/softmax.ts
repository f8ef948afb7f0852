import { elementwise, elementwiseOperator, type NoAttrs } from "./elementwise.js";
import { first, perImage } from "./evaluate.js";
import { oneNode } from "./onnx.js";
import type { Operand, Primitive } from "./primitive.js";
import { elements } from "./shape.js";

/** exp(x) / sum(exp(x)) across channels, at each pixel; the largest x is subtracted first. */
export const softmax: Primitive<NoAttrs> = {
  ...elementwise({
    name: "softmax",
    of: (x) => x,
    tolerance: 2e-6,
    range: () => ({ low: 0, high: 1, sum: 1 }),
    onnx: oneNode("Softmax", { axis: 1 }),
  }),
  evaluate: perImage(({ inputs }) => [distribute(first(inputs))]),
};

function distribute({ shape, data }: Operand): Float64Array {
  const pixels = elements(shape.slice(1));
  return data.map((value, i) => {
    let [most, sum] = [-Infinity, 0];
    for (let j = i % pixels; j < data.length; j += pixels) most = Math.max(most, data[j]!);
    for (let j = i % pixels; j < data.length; j += pixels) sum += Math.exp(data[j]! - most);
    return Math.exp(value - most) / sum;
  });
}

export const softmaxOperator = elementwiseOperator(
  softmax,
  "exp(x) / sum(exp(x)) across channels, at each pixel of an image.",
);
