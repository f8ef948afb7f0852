/**
 * What the kernels need besides inputs and outputs: the constexpr functions of the algorithms in
 * native/cpu again. The emitted code asserts that both agree.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { conv2d, type ConvAttrs } from "../../ops/conv.js";
import { dropout } from "../../ops/dropout.js";
import { flatten } from "../../ops/flatten.js";
import { identity } from "../../ops/identity.js";
import { linear } from "../../ops/linear.js";
import { channels, elements, isImage, plane, type Shape } from "../../ops/shape.js";
import { block, isPlanarImage } from "./blocks.js";

const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;
const blocksOf = (count: number): number => Math.ceil(count / block);

/** Bytes, for one image, while the node runs. */
export function scratchBytes(node: Node): number {
  const input = node.inputs[0]!;
  if (isNode(node, conv2d)) {
    return convScratch(input.shape, node.attrs, isPlanarImage(input));
  }
  if (isNode(node, linear)) {
    return linearScratch(linearRow(input.shape, isPlanarImage(input)), node.attrs.features);
  }
  return readsBlocked(node) ? bytesInBlocks(node.inputs) : 0;
}

/** Where the blocks of a planar operand begin in the node's scratch, in bytes. */
export const blockedOffset = ({ inputs }: Node, index: number): number =>
  bytesInBlocks(inputs.slice(0, inputs.indexOf(inputs[index]!)));

/** Of the planar images among the values, each once. */
const bytesInBlocks = (values: readonly Value[]): number =>
  [...new Set(values)]
    .filter(isPlanarImage)
    .reduce((sum, { shape }) => sum + blockedBytes(shape), 0);

/** Whether the node's kernel can't read the planar image that the network's input is. */
const readsBlocked = (node: Node): boolean =>
  ![conv2d, linear, flatten, identity, dropout].some(({ name }) => node.primitive.name === name);

/** A whole image in blocks: `extent` of native/cpu/shape.hpp, in bytes. */
export const blockedBytes = (shape: Shape): number =>
  4 * blocksOf(channels(shape)) * block * plane(shape)[0] * plane(shape)[1];

/** The bordered copy of an input that is padded or planar. */
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

/** Partial sums, where few features leave the rows to be shared out. */
export function linearScratch(row: number, features: number): number {
  const chunks = features >= 256 ? 1 : Math.min(16, Math.ceil(row / 1024));
  return chunks === 1 ? 0 : roundUp(4 * features * chunks, 64);
}

/** Floats of one packed row of a linear layer. */
export function linearRow(input: Shape, planar: boolean): number {
  if (planar || !isImage(input)) return roundUp(elements(input), block);
  return blockedBytes(input) / 4;
}

/** Output blocks: each value of merged siblings is padded to whole blocks. */
export const convBlocks = ({ split }: ConvAttrs): number =>
  split.reduce((sum, count) => sum + blocksOf(count), 0);

export const packedBias = (attrs: ConvAttrs): number => block * convBlocks(attrs);

export function packedWeights(input: Shape, attrs: ConvAttrs): number {
  const taps = attrs.kernel[0] * attrs.kernel[1];
  switch (convAlgorithm(input, attrs)) {
    case "depthwise":
      return taps * block * convBlocks(attrs);
    case "grouped":
      return taps * (channels(input) / attrs.groups) * attrs.channels;
    case "direct":
      return taps * (channels(input) / attrs.groups) * block * convBlocks(attrs);
  }
}

/** A header below native/cpu/conv. */
export type ConvAlgorithm = "direct" | "depthwise" | "grouped";

/** The fastest algorithm that computes a convolution. */
export function convAlgorithm(input: Shape, attrs: ConvAttrs): ConvAlgorithm {
  const { groups, channels: outputs, split } = attrs;
  if (groups === 1) return "direct";
  const inputs = channels(input);
  if (split.length === 1 && groups === inputs && groups === outputs) return "depthwise";
  const whole = (inputs / groups) % block === 0 && (outputs / groups) % block === 0;
  return split.length === 1 && whole ? "direct" : "grouped";
}
