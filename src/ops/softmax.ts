import { elementwise, elementwiseOperator, type NoAttrs } from "./elementwise.js";
import { first, perImage } from "./evaluate.js";
import { oneNode, type OnnxReading } from "./onnx.js";
import { type NodeReader, reads, refuse } from "./onnx-reading/reader.js";
import type { Operand, Primitive } from "./primitive.js";
import { elements } from "./shape.js";
import { softmaxGradient } from "./training/softmax-gradient.js";

/** exp(x) / sum(exp(x)) across channels, at each pixel; the largest x is subtracted first. */
export const softmax: Primitive<NoAttrs> = {
  ...elementwise({
    name: "softmax",
    of: (x) => x,
    tolerance: 2e-6,
    range: () => ({ low: 0, high: 1, sum: 1 }),
    gradient: (b, { outputs: [y] }, [dy]) => ({ inputs: [b.node(softmaxGradient, [y!, dy!], {})] }),
    onnx: { write: oneNode("Softmax", { axis: 1 }), read: reads({ Softmax: readOnnx }) },
  }),
  evaluate: perImage(({ inputs }) => [distribute(first(inputs))]),
};

/** Before opset 13 all dimensions from the axis on were one. */
function readOnnx(node: NodeReader): OnnxReading<NoAttrs> {
  const dims = node.flowing(0);
  const axis = node.axis(node.integer("axis", node.opset < 13 ? 1 : -1), dims);
  if (axis !== 1) refuse(`is taken over axis ${axis}; here that is over channels`);
  const isAlone = dims !== undefined && dims.slice(2).every((side) => side === 1);
  if (node.opset < 13 && !isAlone) {
    refuse("is taken over channels, height and width together; here that is at each pixel");
  }
  return { attrs: {}, roles: ["input"] };
}

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
