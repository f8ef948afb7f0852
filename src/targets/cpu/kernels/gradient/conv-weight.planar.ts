/** native/cpu/gradient/conv_weight_planar.hpp: an input of few channels as the caller has it. */
import { channels, plane } from "../../../../ops/shape.js";
import { block } from "../../blocks.js";
import { blockMultiply, move } from "../costs.js";
import { outputs, taps, weightKernel, type WeightNode } from "./conv-weight.js";

export const convWeightPlanar = weightKernel({
  name: "planar",
  struct: "PlanarWeights",
  planar: true,
  refuses: (node) => {
    if (node.attrs.groups > 1) return "it has groups";
    return chunk(node).numbers > mostNumbers
      ? "its rows are too long to be interleaved"
      : undefined;
  },
  sums: (node) => {
    const [out] = [channels(node.inputs[1]!.shape)];
    return Math.ceil(out / block) * taps(node) * channels(node.inputs[0]!.shape);
  },
  cost: (node, level) => {
    const inputs = channels(node.inputs[0]!.shape);
    const multiplies = outputs(node) * taps(node) * inputs * blockMultiply[level];
    const { numbers, rows } = chunk(node);
    const [height] = plane(node.inputs[1]!.shape);
    // A number at a time, and by every thread.
    return multiplies + 4 * move * numbers * Math.ceil(height / rows);
  },
});

/** PlanarWeights::fits of the header again, for the emitted code to check. */
const mostNumbers = 1 << 16;
const pixels = 512;

/** The output rows that are summed at once, and the numbers that their windows see. */
function chunk({ attrs, inputs: [x, dy] }: WeightNode): {
  readonly rows: number;
  readonly numbers: number;
} {
  const { kernel, stride, dilation, pads } = attrs;
  const [height, width] = plane(dy!.shape);
  const rows = Math.min(Math.max(Math.floor(pixels / width), 1), height);
  const seen = (rows - 1) * stride[0] + (kernel[0] - 1) * dilation[0] + 1;
  const row = (plane(x!.shape)[1] + pads.left + pads.right) * channels(x!.shape);
  return { rows, numbers: seen * row };
}
