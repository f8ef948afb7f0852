/** native/cpu/conv/direct.hpp: tiles of output blocks by pixels, held in registers. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, plane } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { convBlocks } from "../scratch.js";
import { type Tile, tileCount, tilesFor } from "../tiles.js";
import { carriesConv, type ConvAlgorithm, convWay, depth, lowerConv, taps } from "./conv.js";
import { blockMultiply, borderCost, nearByte, nearest, weightByte } from "./costs.js";

/** `2x14`, `2x14 planar` where the input is not in blocks. */
class Tuning {
  constructor(
    readonly tile: Tile,
    readonly planar: boolean,
  ) {}

  toString(): string {
    return `${this.tile.blocks}x${this.tile.pixels}${this.planar ? " planar" : ""}`;
  }
}

export const convDirect = kernel<ConvAttrs, Tuning>({
  name: "conv.direct",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ inputs, attrs: { groups, split, channels: outputs } }) => {
    if (groups === 1) return undefined;
    if (split.length > 1) return "merged siblings have no groups";
    const whole = [channels(inputs[0]!.shape), outputs].every((n) => (n / groups) % block === 0);
    return whole ? undefined : `its groups are no whole blocks of ${block} channels`;
  },
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    const multiplies = depth(node) * node.attrs.groups * taps(node.attrs) * blockMultiply[level];
    return tilesFor(node.attrs, plane(node.outputs[0]!.shape), level).flatMap(({ tile, cost }) =>
      [false, true].map((planar) => {
        const tuning = new Tuning(tile, planar);
        const total = cost * multiplies + borderCost(node, planar) + weightCost(node, tile, level);
        return convWay(node, tuning, total, algorithm(node, tuning), machine);
      }),
    );
  },
  lower: (cx, node, tuning) => {
    const chosen = algorithm(node, tuning);
    const tiles = tileCount(node.attrs, plane(node.outputs[0]!.shape), tuning.tile);
    return lowerConv(cx, node, chosen, (layer) => cx.check(`${chosen.name}::tiles`, layer, tiles));
  },
});

/** Weights come from beyond the caches once, and those of a tile that do not fit the first cache from the second for every other tile. */
function weightCost(node: Node<ConvAttrs>, tile: Tile, level: CpuLevel): number {
  const bytes = 4 * taps(node.attrs) * depth(node) * block * tile.blocks;
  const tiles = tileCount(node.attrs, plane(node.outputs[0]!.shape), tile);
  const again = bytes > nearest[level] ? nearByte * (tiles - 1) : 0;
  return 4 * packedWeights(node) * (weightByte + again);
}

const packedWeights = (node: Node<ConvAttrs>): number =>
  taps(node.attrs) * depth(node) * block * convBlocks(node.attrs);

const algorithm = (node: Node<ConvAttrs>, { tile, planar }: Tuning): ConvAlgorithm => ({
  header: "direct",
  name: `Direct<${tile.blocks}, ${tile.pixels}>`,
  planar,
  weights: packedWeights(node),
});
