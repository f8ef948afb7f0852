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
class Tuning {
  constructor(
    readonly tile: Tile,
    readonly depth: number,
  ) {}

  toString(): string {
    return `${this.tile.blocks}x${this.tile.pixels}x${this.depth}`;
  }
}

/** As measured by bench/native/winograd.cpp: the weights of a tile fill half of the nearest cache. */
const tunings: Readonly<Record<CpuLevel, Tuning>> = {
  amx: new Tuning({ blocks: 2, pixels: 14 }, 128),
  avx512: new Tuning({ blocks: 2, pixels: 14 }, 128),
  avx2: new Tuning({ blocks: 1, pixels: 6 }, 256),
  baseline: new Tuning({ blocks: 1, pixels: 2 }, 256),
  neon: new Tuning({ blocks: 1, pixels: 6 }, 256),
};

/** Sums go to the output and come back for every `depth` channels. */
const waiting = 1.02;

export const convPointwise = kernel<ConvAttrs, Tuning>({
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
    const tuning = tunings[level];
    const tiles = tileCost(
      tuning.tile,
      convBlocks(node.attrs),
      node.attrs,
      plane(node.outputs[0]!.shape),
    );
    const own = algorithm(node, tuning);
    const cost =
      waiting * tiles * depth(node) * blockMultiply[level] + weightByte * 4 * own.weights;
    return [convWay(node, tuning, cost, own, machine)];
  },
  lower: (cx, node, tuning) => {
    const chosen = algorithm(node, tuning);
    const tiles = tileCount(node.attrs, plane(node.outputs[0]!.shape), tuning.tile);
    return lowerConv(cx, node, chosen, (layer) => cx.check(`${chosen.name}::tiles`, layer, tiles));
  },
});

const algorithm = (node: Node<ConvAttrs>, { tile, depth: channels }: Tuning): ConvAlgorithm => ({
  header: "pointwise",
  name: `Pointwise<${tile.blocks}, ${tile.pixels}, ${channels}>`,
  planar: false,
  weights: depth(node) * block * convBlocks(node.attrs),
});
