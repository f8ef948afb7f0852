import { activatedRange, formatApplied, functionOf } from "./activations.js";
import { visitBins } from "./adaptive-bins.js";
import { first, perImage } from "./evaluate.js";
import { size } from "./kinds.js";
import type { Operator } from "./operator.js";
import type { AdaptivePoolAttrs } from "./pool-attrs.js";
import { binned } from "./onnx-reading/pool-sequences.js";
import { adaptivePoolReaders } from "./onnx-reading/pools.js";
import { adaptivePoolGradient, sharing } from "./training/pool-gradient.js";
import { writeAdaptivePool } from "./pool-onnx.js";
import type { Operand, Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { needsImage } from "./rules.js";
import { channels, elements, plane } from "./shape.js";
import { noArguments, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom, fixed } from "./trace.js";
import { type Pair, words } from "./window.js";

/** Output i averages rows floor(i * in / out) to ceil((i + 1) * in / out) - 1, as PyTorch's. */
export const adaptiveAvgPool: Primitive<AdaptivePoolAttrs> = {
  name: "adaptiveavgpool",
  infer: ([input], attrs) => [[channels(input!), ...attrs.size]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ size: bins, ...applied }) => words(bins.join("x"), formatApplied(applied)),
  tolerance: 1e-6,
  inPlace: false,
  range: (inputs, attrs) => activatedRange(firstRange(inputs), attrs),
  evaluate: perImage(({ inputs }, { size: bins, ...applied }) => [
    averages(first(inputs), bins).map(functionOf(applied)),
  ]),
  gradient: sharing(adaptivePoolGradient),
  onnx: { write: writeAdaptivePool, read: adaptivePoolReaders, sequence: binned },
};

function averages({ shape, data }: Operand, bins: Pair): Float64Array {
  const pixels = elements(plane(shape));
  const result = new Float64Array(channels(shape) * elements(bins));
  for (let c = 0; c < channels(shape); c++) {
    visitBins(plane(shape), bins, (bin, members) => {
      const sum = members.reduce((total, at) => total + data[c * pixels + at]!, 0);
      result[c * elements(bins) + bin] = sum / members.length;
    });
  }
  return result;
}

const args = signature({ size: positional(size, "Output height x width.") });

export const adaptiveAvgPoolOperator: Operator<ArgsIn<typeof args>> = {
  name: "adaptiveavgpool",
  doc: "Averages over as many bins as the output has pixels, as PyTorch's AdaptiveAvgPool2d.",
  signature: args,
  spelling: spelling(adaptiveAvgPool, ({ size: bins }) => ({ size: saying.size(bins) })),
  linearity: () => "transparent",
  shape: (input, given) => needsImage("adaptiveavgpool", input) ?? [channels(input), ...given.size],
  traces: ({ traces }, _, causes) => [
    traces[0]!,
    computedFrom(causes.of("size")),
    computedFrom(causes.of("size")),
  ],
  parameters: () => [],
  build: (b, x, given) => b.node(adaptiveAvgPool, [x], given),
};

export const globalAvgPoolOperator: Operator<unknown> = {
  name: "globalavgpool",
  doc: "The average of each channel: c x 1x1.",
  signature: noArguments,
  spelling: spelling(adaptiveAvgPool, ({ size: bins }) => (elements(bins) === 1 ? {} : undefined)),
  linearity: () => "transparent",
  shape: (input) => needsImage("globalavgpool", input) ?? [channels(input), 1, 1],
  traces: ({ traces }) => [traces[0]!, fixed, fixed],
  parameters: () => [],
  build: (b, x) => b.node(adaptiveAvgPool, [x], { size: [1, 1] }),
};
