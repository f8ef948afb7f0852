import { perImage } from "./evaluate.js";
import { eachMixed } from "./interpolation.js";
import type { OnnxNode } from "./onnx.js";
import { bilinearReaders, type UpsampleAttrs } from "./onnx-reading/upsample.js";
import type { Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { channels, elements, plane } from "./shape.js";
import { bilinearGradient } from "./training/bilinear-gradient.js";
import { formatPair } from "./window.js";

/** What the four pixels around each make of it, as PyTorch's `bilinear` without `align_corners`. */
export const bilinear: Primitive<UpsampleAttrs> = {
  name: "bilinear",
  infer: ([input], { factor: [down, across] }) => {
    const [height, width] = plane(input!);
    return [[channels(input!), height * down, width * across]];
  },
  weights: () => ({}),
  macs: () => 0,
  format: ({ factor }) => formatPair(factor),
  tolerance: 1e-6,
  inPlace: false,
  passesOn: ({ factor }) => factor.every((side) => side === 1),
  // Weights that are at least 0 and sum to 1.
  range: firstRange,
  evaluate: perImage(({ inputs: [x] }, { factor }) => {
    const y = new Float64Array(elements(x!.shape) * elements(factor));
    eachMixed(x!.shape, factor, (at, from, weight) => (y[at]! += x!.data[from]! * weight));
    return [y];
  }),
  gradient: (b, { attrs, inputs: [x] }, [dy]) => ({
    inputs: [b.node(bilinearGradient, [dy!], { ...attrs, shape: x!.shape })],
  }),
  onnx: { write: writeOnnx, read: bilinearReaders },
};

/** Between regions of interest and sizes, which it has not, the factors. */
function writeOnnx(node: OnnxNode, { factor }: UpsampleAttrs): void {
  const scales = node.constant("scales", [4], Float32Array.of(1, 1, ...factor));
  node.finish("Resize", [node.inputs[0]!.name, "", scales], {
    mode: { text: "linear" },
    coordinate_transformation_mode: { text: "half_pixel" },
  });
}
