/** native/cpu/conv/pointwise.hpp: products of packed weights, some input channels at a time. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { plane } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { convBlocks } from "../scratch.js";
import { isPointwise, type Tile, tileCost, tileCount } from "../tiles.js";
import { carriesConv, type ConvAlgorithm, convWay, depth, lowerConv } from "./conv.js";
import { blockMultiply, weightByte } from "./costs.js";

/** `2x14x128`: output blocks by pixels in registers, and input channels whose weights are kept near. */
export class PointwiseTuning {
  constructor(
    readonly tile: Tile,
    readonly depth: number,
  ) {}

  toString(): string {
    return `${this.tile.blocks}x${this.tile.pixels}x${this.depth}`;
  }
}

/** As measured by bench/native/winograd.cpp: the weights of a tile fill half of the nearest cache. */
export const pointwiseTunings: Readonly<Record<CpuLevel, PointwiseTuning>> = {
  amx: new PointwiseTuning({ blocks: 2, pixels: 14 }, 128),
  avx512: new PointwiseTuning({ blocks: 2, pixels: 14 }, 128),
  avx2: new PointwiseTuning({ blocks: 1, pixels: 6 }, 256),
  baseline: new PointwiseTuning({ blocks: 1, pixels: 2 }, 256),
  neon: new PointwiseTuning({ blocks: 1, pixels: 6 }, 256),
};

/** Sums go to the output and come back for every `depth` channels. */
const waiting = 1.02;

export const convPointwise = kernel<ConvAttrs, PointwiseTuning>({
  name: "conv.pointwise",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ attrs }, { precision }) => {
    if (precision === "bf16") return "its sums wait in the output, which is bf16";
    if (attrs.groups > 1) return "it has groups";
    return isPointwise(attrs) ? undefined : "it sees more than a pixel, or not every one";
  },
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    const tuning = pointwiseTunings[level];
    const own = algorithm(node, tuning);
    const cost = pointwiseCost(node, tuning, level);
    return [convWay(node, tuning, cost, own, machine)];
  },
  lower: (cx, node, tuning) => {
    const chosen = algorithm(node, tuning);
    const tiles = tileCount(node.attrs, plane(node.outputs[0]!.shape), tuning.tile);
    return lowerConv(cx, node, chosen, (layer) => cx.check(`${chosen.name}::tiles`, layer, tiles));
  },
});

export function pointwiseCost(
  node: Node<ConvAttrs>,
  { tile }: PointwiseTuning,
  level: CpuLevel,
): number {
  const blocks = convBlocks(node.attrs);
  const tiles = tileCost(tile, blocks, node.attrs, plane(node.outputs[0]!.shape));
  const multiplies = waiting * tiles * depth(node) * blockMultiply[level];
  return multiplies + weightByte * 4 * depth(node) * block * blocks;
}

const algorithm = (
  node: Node<ConvAttrs>,
  { tile, depth: channels }: PointwiseTuning,
): ConvAlgorithm => ({
  header: "pointwise",
  name: `Pointwise<${tile.blocks}, ${tile.pixels}, ${channels}>`,
  planar: false,
  weights: depth(node) * block * convBlocks(node.attrs),
});
