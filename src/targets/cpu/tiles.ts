import type { ConvAttrs } from "../../ops/conv2d.js";
import type { Pair } from "../../ops/window.js";
import type { CpuLevel } from "./level.js";
import { block } from "./blocks.js";
import { convBlocks } from "./scratch.js";

/** Output blocks by output pixels that a kernel holds in registers. */
export interface Tile {
  readonly blocks: number;
  readonly pixels: number;
}

/** Numbers of a register. */
export const lanes: Readonly<Record<CpuLevel, number>> = {
  amx: 16,
  avx512: 16,
  avx2: 8,
  baseline: 4,
  neon: 4,
};

const avx512 = tiles([1, 28], [2, 14], [3, 9], [4, 6]);

/** The largest tiles whose sums fit the vector registers, with room for weights and an input. */
const registers: Readonly<Record<CpuLevel, readonly Tile[]>> = {
  amx: avx512,
  avx512,
  avx2: tiles([1, 6]),
  baseline: tiles([1, 2], [2, 1]),
  neon: tiles([1, 6]),
};

function tiles(...list: readonly Pair[]): readonly Tile[] {
  return list.map(([blocks, pixels]) => ({ blocks, pixels }));
}

/**
 * Tiles for an output plane, each with the multiply-adds of 16 channels that it takes an input
 * channel and tap; those of more blocks first.
 */
export function tilesFor(
  attrs: ConvAttrs,
  output: Pair,
  level: CpuLevel,
): readonly { readonly tile: Tile; readonly cost: number }[] {
  const blocks = Math.max(1, Math.floor(convBlocks(attrs) / attrs.groups));
  const [smallest, ...others] = registers[level];
  const share = filled(attrs, level);
  if (share < 1) {
    const tile = { blocks: 1, pixels: Math.floor(smallest!.pixels / share) };
    return [{ tile, cost: tileCost({ ...tile, blocks: share }, share, attrs, output) }];
  }
  const fitting = [smallest!, ...others.filter((tile) => tile.blocks <= blocks)].reverse();
  return fitting.map((tile) => ({ tile, cost: tileCost(tile, blocks, attrs, output) }));
}

/** Of a block that is alone, the share of its registers that hold channels: channel_registers in C++. */
function filled({ channels, groups, split }: ConvAttrs, level: CpuLevel): number {
  if (channels > block || groups > 1 || split.length > 1) return 1;
  return Math.ceil(channels / lanes[level]) / (block / lanes[level]);
}

/**
 * A tile of b blocks and p pixels takes b * p multiplies for each input number, and never less
 * than eight of them hide one another's latency; its b + p loads hide behind them in part. Blocks
 * that are left over make narrower tiles of as many pixels.
 */
export function tileCost(
  { blocks: b, pixels }: Tile,
  blocks: number,
  attrs: ConvAttrs,
  output: Pair,
): number {
  const tile = (width: number, p: number): number => Math.max(8, width * p) + (width + p) / 4;
  const row = (width: number): number =>
    stretches(attrs, output, pixels).reduce((sum, { p, count }) => sum + count * tile(width, p), 0);
  const rest = blocks % b;
  return Math.floor(blocks / b) * row(b) + (rest > 0 ? row(rest) : 0);
}

/** Direct::tiles of native/cpu/conv/direct.hpp again, for the emitted code to check. */
export const tileCount = (attrs: ConvAttrs, output: Pair, { pixels }: Tile): number =>
  stretches(attrs, output, pixels).reduce((sum, { count }) => sum + count, 0);

interface Stretch {
  readonly p: number;
  readonly count: number;
}

/** The pixels of each tile of one plane, as native/cpu/conv/direct.hpp cuts it. */
function stretches(attrs: ConvAttrs, [height, width]: Pair, most: number): readonly Stretch[] {
  const pointwise = isPointwise(attrs);
  const length = pointwise ? height * width : width;
  const lines = pointwise ? 1 : height;
  const count = Math.ceil(length / most);
  if (count === 1 && lines > 1) return rows(length, lines, Math.floor(most / length));
  const p = Math.floor(length / count);
  const longer = length % count;
  return [
    { p: p + 1, count: longer * lines },
    { p, count: (count - longer) * lines },
  ];
}

/** Several short rows at once, the rest in halves. */
function rows(width: number, height: number, most: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let left = height;
  for (let n = Math.min(most, height); n > 0; n >>= 1) {
    const count = Math.floor(left / n);
    found.push({ p: n * width, count });
    left -= count * n;
  }
  return found;
}

/** It sees every pixel once, and no other. */
export const isPointwise = ({ kernel, stride, pads }: ConvAttrs): boolean =>
  [...kernel, ...stride].every((size) => size === 1) &&
  Object.values(pads).every((pad: number) => pad === 0);
