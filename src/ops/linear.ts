import { activatedRange, formatApplied, functionOf, type MaybeApplied } from "./activations.js";
import { first, perImage, weight } from "./evaluate.js";
import { bool, count } from "./kinds.js";
import { beforeFusing, type OnnxNode, withWeights } from "./onnx.js";
import { linearGradient } from "./training/linear-gradient.js";
import { linearReaders } from "./onnx-reading/linear.js";
import type { Operator } from "./operator.js";
import { mapParameters, suffixes } from "./parameters.js";
import type { Primitive } from "./primitive.js";
import { anything } from "./range.js";
import { elements, isImage, type Shape } from "./shape.js";
import { named, optional, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom, fixed } from "./trace.js";
import { words } from "./window.js";

export interface LinearAttrs extends MaybeApplied {
  readonly features: number;
  readonly bias: boolean;
}

/** y = W x + b with W [features, inputs]; an image is flattened C,H,W first. */
export const linear: Primitive<LinearAttrs> = {
  name: "linear",
  infer: (_, { features }) => [[features]],
  weights: ([input], attrs) => linearWeights(input!, attrs),
  macs: ([input], { features }) => features * elements(input!),
  format: ({ features, bias, ...applied }) =>
    words(`${features}`, bias ? "" : "no bias", formatApplied(applied)),
  tolerance: 2e-6,
  inPlace: false,
  range: (_, attrs) => activatedRange(anything, attrs),
  evaluate: perImage((operands, attrs) => {
    const { data } = first(operands.inputs);
    const rows = weight(operands, "weight");
    const bias = operands.weights["bias"]?.data;
    const product = new Float64Array(attrs.features).map((_, o) =>
      data.reduce((sum, x, i) => sum + x * rows[o * data.length + i]!, bias?.[o] ?? 0),
    );
    return [product.map(functionOf(attrs))];
  }),
  gradient: linearGradient,
  onnx: { write: writeOnnx, read: linearReaders },
};

/** @throws RangeError for what passes made of it: they run after a graph is exported */
function writeOnnx(node: OnnxNode, { activation = "none" }: LinearAttrs): void {
  if (activation !== "none") throw new RangeError(beforeFusing);
  const [{ name, shape }] = node.inputs as [OnnxNode["inputs"][number]];
  const row = isImage(shape) ? node.add("Flatten", [name], { axis: 1 }) : name;
  node.finish("Gemm", withWeights(node, row, "weight", "bias"), { transB: 1 });
}

const linearWeights = (
  input: Shape,
  { features, bias }: LinearAttrs,
): Readonly<Record<string, Shape>> => ({
  weight: [features, elements(input)],
  ...(bias ? { bias: [features] } : {}),
});

const args = signature({
  features: positional(count, "Output features."),
  bias: named(bool, true, "Adds one number a feature."),
  in: optional(count, "Input features: inferred, and checked where it is written."),
});

export const linearOperator: Operator<ArgsIn<typeof args>> = {
  name: "linear",
  doc: "A linear map of everything; flattens C,H,W in that order and gives a vector.",
  signature: args,
  spelling: spelling(linear, ({ features, bias }) => ({
    features: saying.number(features),
    bias: saying.bool(bias),
  })),
  linearity: () => "linear",
  shape: (input, given) => {
    const got = elements(input);
    if (given.in === undefined || given.in === got) return [given.features];
    return {
      code: "shape/linear-features",
      params: { expected: given.in, got, product: input.join(" x ") },
      argument: "in",
      write: { argument: "in", text: `${got}` },
      help: "leave it out: it is inferred",
    };
  },
  traces: (_, __, causes) => [causes.of("features")],
  parameters: (input, given) => mapParameters(linearWeights(input, given)),
  parameterTraces: (input, causes, [features = fixed]) => ({
    presence: causes.of("bias"),
    dimensions: ({ shape }) =>
      shape.length === 1 ? [features] : [features, computedFrom(...input.traces)],
  }),
  build: (b, x, { features, bias }) => {
    const attrs = { features, bias };
    return b.node(linear, [x], attrs, suffixes(linearWeights(x.shape, attrs)));
  },
};
