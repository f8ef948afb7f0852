import { first, perImage } from "./evaluate.js";
import { number, oddCount, positive } from "./kinds.js";
import { oneNode, type OnnxNode } from "./onnx.js";
import { alone, type NodeReader, reads, refuse } from "./onnx-reading/reader.js";
import type { LrnAttrs } from "./lrn-attrs.js";
import { lrnGradient } from "./training/lrn-gradient.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import { needsImage } from "./rules.js";
import { elements } from "./shape.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";

export const lrn: Primitive<LrnAttrs> = {
  name: "lrn",
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ size, alpha, beta, k }) => `${size} alpha ${alpha} beta ${beta} k ${k}`,
  tolerance: 1e-6,
  inPlace: false,
  range: unknownRange,
  evaluate: perImage(({ inputs }, { size, alpha, beta, k }) => {
    const { shape, data } = first(inputs);
    const [pixels, reach] = [elements(shape.slice(1)), (size - 1) / 2];
    const normed = data.map((x, i) => {
      let sum = 0;
      for (let d = -reach; d <= reach; d++) sum += (data[i + d * pixels] ?? 0) ** 2;
      return x / (k + (alpha / size) * sum) ** beta;
    });
    return [normed];
  }),
  gradient: (b, { inputs: [x], attrs }, [dy]) => ({
    inputs: [b.node(lrnGradient, [x!, dy!], attrs)],
  }),
  onnx: { write: writeOnnx, read: reads({ LRN: alone(readOnnx) }) },
};

/** ONNX divides alpha by the size too, and calls k `bias`. */
function writeOnnx(node: OnnxNode, { size, alpha, beta, k }: LrnAttrs): void {
  const numbers = { alpha: { float: alpha }, beta: { float: beta }, bias: { float: k } };
  oneNode("LRN", { size, ...numbers })(node);
}

function readOnnx(node: NodeReader): LrnAttrs {
  node.image(0);
  const size = node.integer("size");
  if (size < 1 || size % 2 === 0) refuse(`sums over ${size} channels; here that is an odd number`);
  const k = node.float("bias", 1);
  if (k <= 0) refuse(`has bias ${k}; here it is above 0`);
  return { size, alpha: node.float("alpha", 1e-4), beta: node.float("beta", 0.75), k };
}

const args = signature({
  size: positional(oddCount, "Channels summed over; odd."),
  alpha: named(number(), 1e-4, "Divided by `size`, as in Caffe and PyTorch.", "1e-4"),
  beta: named(number(), 0.75, "The power."),
  k: named(positive, 1, "Added to the sum; above 0, so that nothing is divided by it."),
});

export const lrnOperator: Operator<ArgsIn<typeof args>> = {
  name: "lrn",
  doc: "Local response normalisation across channels (Krizhevsky et al., 2012).",
  signature: args,
  spelling: spelling(lrn, ({ size, alpha, beta, k }) => ({
    size: saying.number(size),
    alpha: saying.number(alpha),
    beta: saying.number(beta),
    k: saying.number(k),
  })),
  linearity: () => "nonlinear",
  shape: (input) => needsImage("lrn", input) ?? input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, given) => b.node(lrn, [x], given),
};
