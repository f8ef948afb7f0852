import { first, perImage } from "./evaluate.js";
import { word } from "./kinds.js";
import { oneNode, type OnnxNode } from "./onnx.js";
import { reads } from "./onnx-reading/reader.js";
import { readSoftmax } from "./onnx-reading/softmax.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import type { Range } from "./range.js";
import { needsImage } from "./rules.js";
import { type ArgsIn, named, signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { axisOf, eachLine, formatDistribution, type SoftmaxAttrs } from "./softmax-attrs.js";
import { softmaxGradient } from "./training/softmax-gradient.js";

interface Distribution {
  readonly onnx: string;
  /** Set where it gives logarithms. */
  readonly log?: true;
  readonly range: (attrs: SoftmaxAttrs) => Range;
}

/** exp(x) / sum(exp(x)), or its logarithm; the largest x is subtracted first. */
const distribution = (
  name: string,
  { onnx, log, range }: Distribution,
): Primitive<SoftmaxAttrs> => ({
  name,
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: formatDistribution,
  tolerance: 2e-6,
  inPlace: true,
  range: (_, attrs) => range(attrs),
  evaluate: perImage(({ inputs }, attrs) => {
    const { shape, data } = first(inputs);
    const result = new Float64Array(data.length);
    eachLine(shape, attrs, (places) => {
      const most = places.reduce((so, i) => Math.max(so, data[i]!), -Infinity);
      const sum = places.reduce((so, i) => so + Math.exp(data[i]! - most), 0);
      for (const i of places) {
        const own = data[i]! - most;
        result[i] = log ? own - Math.log(sum) : Math.exp(own) / sum;
      }
    });
    return [result];
  }),
  gradient: (b, { attrs, outputs: [y] }, [dy]) => ({
    inputs: [b.node(softmaxGradient, [y!, dy!], { ...attrs, ...(log && { log }) })],
  }),
  onnx: {
    write: (node: OnnxNode, attrs) => oneNode(onnx, { axis: axisOf(attrs) + 1 })(node),
    read: reads({ [onnx]: readSoftmax }),
  },
});

export const softmax = distribution("softmax", {
  onnx: "Softmax",
  range: ({ axis }) => ({ low: 0, high: 1, ...(axis === undefined && { sum: 1 }) }),
});

export const logSoftmax = distribution("logsoftmax", {
  onnx: "LogSoftmax",
  log: true,
  range: () => ({ low: -Infinity, high: 0 }),
});

const args = signature({
  axis: named(
    word("channels", "height", "width"),
    "channels",
    "What a distribution is over: `channels` at each pixel, the `height` of a column, the `width` of a row.",
  ),
});

const operator = (
  primitive: Primitive<SoftmaxAttrs>,
  doc: string,
): Operator<ArgsIn<typeof args>> => ({
  name: primitive.name,
  doc,
  signature: args,
  spelling: spelling(primitive, ({ axis = "channels" }) => ({ axis: saying.word(axis) })),
  linearity: () => "nonlinear",
  shape: (input, { axis }) =>
    (axis === "channels" ? undefined : needsImage(primitive.name, input)) ?? input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, { axis }) => b.node(primitive, [x], axis === "channels" ? {} : { axis }),
});

export const softmaxOperator = operator(
  softmax,
  "exp(x) / sum(exp(x)) across channels, at each pixel of an image.",
);

export const logSoftmaxOperator = operator(
  logSoftmax,
  "The logarithm of `softmax`, which rounding leaves nothing of where it is taken after.",
);
