import { eachChannel, weight } from "./evaluate.js";
import { bool } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { preluReaders } from "./onnx-reading/prelu.js";
import type { Operator } from "./operator.js";
import { suffixes } from "./parameters.js";
import { formatPRelu, type PReluAttrs, slopeShape } from "./prelu-attrs.js";
import type { Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import { channels, type Shape } from "./shape.js";
import { type ArgsIn, named, signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom, fixed } from "./trace.js";
import { preluGradient } from "./training/prelu-gradient.js";

const slopes = (input: Shape, attrs: PReluAttrs) => ({ weight: slopeShape(input, attrs) });

/** He et al. 2015 (arXiv 1502.01852): x where x > 0, else slope * x, the slope learned. */
export const prelu: Primitive<PReluAttrs> = {
  name: "prelu",
  infer: ([input]) => [input!],
  weights: ([input], attrs) => slopes(input!, attrs),
  macs: () => 0,
  format: formatPRelu,
  tolerance: 1e-7,
  inPlace: true,
  range: unknownRange,
  evaluate: eachChannel((operands, { shared }) => {
    const slope = weight(operands, "weight");
    return (x, c) => (x > 0 ? x : x * slope[shared ? 0 : c]!);
  }),
  gradient: (b, { attrs, inputs: [x], weights }, [dy]) => {
    const [dx, dslope] = b.nodes(preluGradient, [x!, dy!], attrs, weights);
    return { inputs: [dx], weights: { weight: dslope! } };
  },
  onnx: { write: writeOnnx, read: preluReaders },
};

/** ONNX spreads from the last dimension on, so that channels need a row for each of the plane's. */
function writeOnnx(node: OnnxNode, attrs: PReluAttrs): void {
  const [{ name, shape }] = node.inputs as [OnnxNode["inputs"][number]];
  const own = slopeShape(shape, attrs);
  const spread = attrs.shared ? own : [...own, ...shape.slice(1).map(() => 1)];
  node.finish("PRelu", [name, node.weight("weight", spread)!]);
}

const args = signature({
  shared: named(bool, false, "One slope for all channels, instead of one a channel."),
});

/** With one channel both are the same. */
const attrsOf = (input: Shape, { shared }: ArgsIn<typeof args>): PReluAttrs => ({
  shared: shared || channels(input) === 1,
});

/** What a slope is before training, as in PyTorch. */
const firstSlope = 0.25;

export const preluOperator: Operator<ArgsIn<typeof args>> = {
  name: "prelu",
  doc: "x where x > 0, else slope * x, with a slope that is learned (He et al., 2015); at first it is 0.25.",
  signature: args,
  spelling: spelling(prelu, ({ shared }, input) => ({
    shared: channels(input) === 1 ? undefined : saying.bool(shared),
  })),
  linearity: () => "nonlinear",
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: (input, given) => {
    const shape = slopeShape(input, attrsOf(input, given));
    return [{ suffix: "weight", shape, role: "gamma", fanIn: 0, initial: firstSlope }];
  },
  parameterTraces: ({ traces: [each = fixed] }, causes) => ({
    presence: fixed,
    dimensions: ({ shape: [count] }) => {
      const shared = causes.of("shared");
      return [count === 1 || shared.varies ? computedFrom(each, shared) : each];
    },
  }),
  build: (b, x, given) => {
    const attrs = attrsOf(x.shape, given);
    return b.node(prelu, [x], attrs, suffixes(slopes(x.shape, attrs)));
  },
};
