/** native/cpu/conv/depthwise.hpp: each channel alone, 16 of them at once. */
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, elements, plane } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { convBlocks } from "../scratch.js";
import { tilesFor } from "../tiles.js";
import { carriesConv, type ConvAlgorithm, convWay, lowerConv, taps } from "./conv.js";
import { blockMultiply, borderCost } from "./costs.js";

/** Pixels in registers at once. */
class Tuning {
  constructor(
    readonly pixels: number,
    readonly planar: boolean,
  ) {}

  toString(): string {
    return `${this.pixels}${this.planar ? " planar" : ""}`;
  }
}

export const convDepthwise = kernel<ConvAttrs, Tuning>({
  name: "conv.depthwise",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ inputs, attrs: { groups, split, channels: outputs } }) => {
    if (split.length > 1) return "merged siblings have no groups";
    const alone = groups > 1 && groups === channels(inputs[0]!.shape) && groups === outputs;
    return alone ? undefined : "its channels see one another";
  },
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    // Loads do not hide behind the one multiply that each of them serves.
    const loads = 2 * blockMultiply[level] * taps(node.attrs);
    const [best] = tilesFor(node.attrs, plane(node.outputs[0]!.shape), level);
    return [false, true].map((planar) => {
      const tuning = new Tuning(best!.tile.pixels, planar);
      const cost = (loads * elements(node.outputs[0]!.shape)) / block + borderCost(node, planar);
      return convWay(node, tuning, cost, algorithm(node.attrs, tuning));
    });
  },
  lower: (cx, node, tuning) => lowerConv(cx, node, algorithm(node.attrs, tuning)),
});

const algorithm = (attrs: ConvAttrs, { pixels, planar }: Tuning): ConvAlgorithm => ({
  header: "depthwise",
  name: `Depthwise<${pixels}>`,
  planar,
  weights: taps(attrs) * block * convBlocks(attrs),
});
