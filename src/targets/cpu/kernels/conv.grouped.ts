/** native/cpu/conv/grouped.hpp: any groups, the outputs of each in registers of their own. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { elements } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { lanes } from "../tiles.js";
import { carriesConv, type ConvAlgorithm, convWay, depth, lowerConv, taps } from "./conv.js";
import { blockMultiply, borderCost, move } from "./costs.js";

/** Registers of outputs, and pixels beside them; of one register the more pixels. */
const registers: Readonly<Record<CpuLevel, readonly [alone: number, paired: number]>> = {
  amx: [14, 14],
  avx512: [14, 14],
  avx2: [12, 6],
  neon: [14, 8],
  baseline: [6, 4],
};

class Tuning {
  readonly registers: number;
  readonly pixels: number;

  constructor(
    { attrs }: Node<ConvAttrs>,
    level: CpuLevel,
    readonly planar: boolean,
  ) {
    this.registers = attrs.channels / attrs.groups > lanes[level] ? 2 : 1;
    this.pixels = registers[level][this.registers - 1]!;
  }

  toString(): string {
    return `${this.registers}x${this.pixels}${this.planar ? " planar" : ""}`;
  }
}

export const convGrouped = kernel<ConvAttrs, Tuning>({
  name: "conv.grouped",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ attrs: { groups, split } }) =>
    groups > 1 && split.length === 1 ? undefined : "it has no groups",
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    return [false, true].map((planar) => {
      const tuning = new Tuning(node, level, planar);
      const total = cost(node, level) + borderCost(node, planar);
      return convWay(node, tuning, total, algorithm(node, tuning), machine);
    });
  },
  lower: (cx, node, tuning) => lowerConv(cx, node, algorithm(node, tuning)),
});

/** Registers that a group fills in part multiply as if they were full, and are stored in pieces. */
function cost(node: Node<ConvAttrs>, level: CpuLevel): number {
  const { channels, groups } = node.attrs;
  const filled = Math.ceil(channels / groups / lanes[level]) * groups * lanes[level];
  const pixels = elements(node.outputs[0]!.shape) / channels;
  const multiplies = (depth(node) * taps(node.attrs) * blockMultiply[level]) / block;
  return pixels * (filled * multiplies + channels * move);
}

const algorithm = (
  node: Node<ConvAttrs>,
  { registers: own, pixels, planar }: Tuning,
): ConvAlgorithm => ({
  header: "grouped",
  name: `Grouped<${own}, ${pixels}>`,
  planar,
  weights: taps(node.attrs) * depth(node) * node.attrs.channels + block,
});
