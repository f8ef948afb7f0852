/** native/cpu/conv/depthwise.hpp: each channel alone, 16 of them at once. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, elements } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { convBlocks, convScratch } from "../scratch.js";
import { carriesConv, type ConvAlgorithm, convWay, lowerConv, taps } from "./conv.js";
import { blockMultiply, move } from "./costs.js";

/** Pixels that a kernel holds in registers at once: more are no faster (bench/native). */
const registers: Readonly<Record<CpuLevel, number>> = {
  amx: 14,
  avx512: 14,
  avx2: 8,
  neon: 14,
  baseline: 8,
};

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
    const { shape } = node.outputs[0]!;
    // Loads do not hide behind the one multiply that each of them serves.
    const loads = 1.5 * blockMultiply[level] * taps(node.attrs);
    return [false, true].map((planar) => {
      const tuning = new Tuning(registers[level], planar);
      const own = algorithm(node, tuning, machine.precision);
      const cost = (loads * elements(shape)) / block + (move * own.workspace) / 4;
      return convWay(node, tuning, cost, own, machine);
    });
  },
  lower: (cx, node, tuning) => lowerConv(cx, node, algorithm(node, tuning, cx.precision)),
});

/** A planar image becomes a blocked one first, without a border. */
const algorithm = (
  { inputs, attrs }: Node<ConvAttrs>,
  { pixels, planar }: Tuning,
  precision: string | undefined,
): ConvAlgorithm & { readonly workspace: number } => ({
  header: "depthwise",
  name: `Depthwise<${pixels}>`,
  planar,
  weights: taps(attrs) * block * convBlocks(attrs),
  workspace: convScratch(
    inputs[0]!.shape,
    { ...attrs, pads: noPads },
    { planar, bytes: precision === "bf16" ? 2 : 4 },
  ),
});

const noPads = { top: 0, left: 0, bottom: 0, right: 0 };
