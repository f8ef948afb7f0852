/**
 * What the kernels need besides inputs and outputs: the constexpr functions of the algorithms in
 * native/cpu again. The emitted code asserts that both agree.
 */
import type { ConvAttrs } from "../../ops/conv2d.js";
import { channels, elements, plane, type Shape } from "../../ops/shape.js";
import { block } from "./blocks.js";

/** Bytes that a thread has for itself, whatever a kernel asks for: kMemberScratch of native/cpu/team/member.hpp. */
export const memberScratch = 1 << 20;

const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;
const blocksOf = (count: number): number => Math.ceil(count / block);

/** What an algorithm copies a convolution's input for, beside its border. */
interface InputCopy {
  readonly planar: boolean;
  /** Whether there is a copy in any case. Default: `false`. */
  readonly always?: boolean;
  /** Of a number of the copy. Default: 4. */
  readonly bytes?: number;
  /** Lanes of a block, of which the copy of a planar image may have fewer. */
  readonly lanes?: number;
}

/** The bordered copy of an input that is padded or planar, in bytes. */
export function convScratch(
  input: Shape,
  attrs: ConvAttrs,
  { planar, always = false, bytes = 4, lanes = directLanes(input, attrs, planar) }: InputCopy,
): number {
  const { top, left, bottom, right } = attrs.pads;
  if (!always && !planar && top + left + bottom + right === 0) return 0;
  const [height, width] = plane(input);
  const area = (height + top + bottom) * (width + left + right);
  return roundUp(bytes * blocksOf(channels(input)) * area * lanes, 64);
}

const directLanes = (input: Shape, { groups }: ConvAttrs, planar: boolean): number =>
  planar && groups === 1 && channels(input) < block ? channels(input) : block;

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
