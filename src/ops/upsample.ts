import { adaptiveAvgPool } from "./adaptive-pool.js";
import { bilinear } from "./bilinear.js";
import { pair, word } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { type UpsampleAttrs, upsampleReaders } from "./onnx-reading/upsample.js";
import type { Operator } from "./operator.js";
import type { AdaptivePoolAttrs } from "./pool-attrs.js";
import type { Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { needsImage } from "./rules.js";
import { channels, plane, type Shape } from "./shape.js";
import { defaulted, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom } from "./trace.js";
import { adaptivePoolGradient } from "./training/pool-gradient.js";
import { formatPair } from "./window.js";

/** It is an average over bins, of which each is one pixel where there are a whole number to one. */
export function upsampleAsPool(input: Shape, { factor }: UpsampleAttrs): AdaptivePoolAttrs {
  const [height, width] = plane(input);
  return { size: [height * factor[0], width * factor[1]] };
}

/** Each pixel, `factor` times in height and width. */
export const upsample: Primitive<UpsampleAttrs> = {
  name: "upsample",
  infer: ([input], attrs) => [[channels(input!), ...upsampleAsPool(input!, attrs).size]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ factor }) => formatPair(factor),
  tolerance: 0,
  inPlace: false,
  passesOn: ({ factor }) => factor.every((side) => side === 1),
  range: firstRange,
  evaluate: (operands, attrs, n) =>
    adaptiveAvgPool.evaluate(operands, upsampleAsPool(operands.inputs[0]!.shape, attrs), n),
  gradient: (b, { attrs, inputs: [x] }, [dy]) => {
    const pool = upsampleAsPool(x!.shape, attrs);
    return { inputs: [b.node(adaptivePoolGradient, [dy!], { ...pool, shape: x!.shape })] };
  },
  onnx: { write: writeOnnx, read: upsampleReaders },
};

/** As PyTorch writes it; between regions of interest and sizes, which it has not, the factors. */
function writeOnnx(node: OnnxNode, { factor }: UpsampleAttrs): void {
  const scales = node.constant("scales", [4], Float32Array.of(1, 1, ...factor));
  node.finish("Resize", [node.inputs[0]!.name, "", scales], {
    mode: { text: "nearest" },
    coordinate_transformation_mode: { text: "asymmetric" },
    nearest_mode: { text: "floor" },
  });
}

const args = signature({
  factor: positional(
    pair(1),
    "How many times as high and as wide: `2`, or `1x2` (height x width).",
  ),
  mode: defaulted(
    word("nearest", "bilinear"),
    "nearest",
    "`nearest` repeats each pixel; `bilinear` mixes the four around, as PyTorch's with `align_corners=False`.",
  ),
});

export const upsampleOperator: Operator<ArgsIn<typeof args>> = {
  name: "upsample",
  doc: "The image larger by a whole factor: each pixel repeated, or mixed with its neighbours.",
  signature: args,
  spelling: [
    spelling(upsample, ({ factor }) => ({ factor: saying.sides(factor) })),
    spelling(bilinear, ({ factor }) => ({
      factor: saying.sides(factor),
      mode: saying.word("bilinear"),
    })),
  ],
  linearity: () => "transparent",
  shape: (input, given) => needsImage("upsample", input) ?? upsample.infer([input], given)[0]!,
  traces: ({ traces: [channel, height, width] }, _, causes) => [
    channel!,
    computedFrom(height!, causes.of("factor")),
    computedFrom(width!, causes.of("factor")),
  ],
  parameters: () => [],
  build: (b, x, { factor, mode }) =>
    b.node(mode === "bilinear" ? bilinear : upsample, [x], { factor }),
};
