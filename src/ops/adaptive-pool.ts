import { first, perImage } from "./evaluate.js";
import { size } from "./kinds.js";
import type { Operator } from "./operator.js";
import type { AdaptivePoolAttrs } from "./pool-attrs.js";
import { adaptivePoolReaders } from "./onnx-reading/pools.js";
import { writeAdaptivePool } from "./pool-onnx.js";
import type { Operand, Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { needsImage } from "./rules.js";
import { channels, plane } from "./shape.js";
import { noArguments, positional, signature, type ArgsIn } from "./signature.js";
import { computedFrom, fixed } from "./trace.js";
import type { Pair } from "./window.js";

/** PyTorch's bins: output i averages rows floor(i * in / out) to ceil((i + 1) * in / out) - 1. */
export const adaptiveAvgPool: Primitive<AdaptivePoolAttrs> = {
  name: "adaptiveavgpool",
  infer: ([input], attrs) => [[channels(input!), ...attrs.size]],
  weights: () => ({}),
  macs: () => 0,
  format: (attrs) => attrs.size.join("x"),
  tolerance: 1e-6,
  inPlace: false,
  range: firstRange,
  evaluate: perImage(({ inputs }, { size: bins }) => [averages(first(inputs), bins)]),
  onnx: { write: writeAdaptivePool, read: adaptivePoolReaders },
};

function averages({ shape, data }: Operand, [rows, columns]: Pair): Float64Array {
  const [height, width] = plane(shape);
  const result = new Float64Array(channels(shape) * rows * columns);
  let at = 0;
  for (let c = 0; c < channels(shape); c++) {
    for (let row = 0; row < rows; row++) {
      const [top, bottom] = bin(row, height, rows);
      for (let column = 0; column < columns; column++) {
        const [left, right] = bin(column, width, columns);
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += data[(c * height + y) * width + x]!;
        }
        result[at++] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return result;
}

/** Where bin `i` of `bins` begins along a side, and where it has ended. */
const bin = (i: number, side: number, bins: number): readonly [from: number, to: number] => [
  Math.floor((i * side) / bins),
  Math.ceil(((i + 1) * side) / bins),
];

const args = signature({ size: positional(size, "Output height x width.") });

export const adaptiveAvgPoolOperator: Operator<ArgsIn<typeof args>> = {
  name: "adaptiveavgpool",
  doc: "Averages over as many bins as the output has pixels, as PyTorch's AdaptiveAvgPool2d.",
  signature: args,
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
  linearity: () => "transparent",
  shape: (input) => needsImage("globalavgpool", input) ?? [channels(input), 1, 1],
  traces: ({ traces }) => [traces[0]!, fixed, fixed],
  parameters: () => [],
  build: (b, x) => b.node(adaptiveAvgPool, [x], { size: [1, 1] }),
};
