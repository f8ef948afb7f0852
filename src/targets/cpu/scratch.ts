/**
 * What the kernels need besides inputs and outputs: the constexpr functions of the algorithms in
 * native/cpu again. The emitted code asserts that both agree.
 */
import type { ConvAttrs } from "../../ops/conv2d.js";
import { channels, elements, plane, type Shape } from "../../ops/shape.js";
import { block } from "./blocks.js";

const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;
const blocksOf = (count: number): number => Math.ceil(count / block);

/** The bordered copy of an input that is padded or planar, in bytes. */
export function convScratch(input: Shape, attrs: ConvAttrs, planar: boolean): number {
  const { top, left, bottom, right } = attrs.pads;
  if (!planar && top + left + bottom + right === 0) return 0;
  const [height, width] = plane(input);
  const count = channels(input);
  const lanes = planar && attrs.groups === 1 && count < block ? count : block;
  return roundUp(
    4 * blocksOf(count) * (height + top + bottom) * (width + left + right) * lanes,
    64,
  );
}

/** Bytes of partial sums, where few features leave the rows to be shared out. */
export function linearScratch(row: number, features: number): number {
  const chunks = features >= 256 ? 1 : Math.min(16, Math.ceil(row / 1024));
  return chunks === 1 ? 0 : roundUp(4 * features * chunks, 64);
}

/** Floats of one packed row of a linear layer. */
export function linearRow(input: Shape, planar: boolean): number {
  if (planar) return roundUp(elements(input), block);
  return blocksOf(channels(input)) * block * plane(input)[0] * plane(input)[1];
}

/** Output blocks: each value of merged siblings is padded to whole blocks. */
export const convBlocks = ({ split }: ConvAttrs): number =>
  split.reduce((sum, count) => sum + blocksOf(count), 0);
