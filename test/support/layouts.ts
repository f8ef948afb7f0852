/** Layout rules of no particular target, one for each kind of layout. */
import { elements, isImage, plane, type Shape } from "../../src/ops/shape.js";
import type { Node } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import type { Layout } from "../../src/kernels/layout.js";
import type { LayoutRule } from "../../src/plan/plan.js";

const pixels = (shape: Shape): number => plane(shape)[0] * plane(shape)[1];

/** Elementwise nodes may write over their input; 3x3 convolutions need scratch. */
const common = {
  alignment: 64,
  weightAlignment: 64,
  order: "levels" as const,
  siblings: "apart" as const,
  loadsInputs: false,
  scratch: "image" as const,
  wholeBatch: () => false,
  sliceStarts: (channel: number): boolean => channel % 4 === 0,
  workspace: ({ primitive, outputs }: Node): number =>
    primitive.name === "conv" ? 4 * (outputs[0]!.shape[0]! % 5) * 7 : 0,
};

export const planar: LayoutRule = {
  ...common,
  sliceStarts: () => true,
  layout: () => ({ kind: "planar" }),
  bytes: ({ shape }) => 4 * elements(shape),
  sliceOffset: (shape, _, channel) => 4 * channel * pixels(shape),
};

/** Images in blocks of `block` channels, but for the network's input; vectors planar. */
export const blocked = (block: number): LayoutRule => ({
  ...common,
  sliceStarts: (channel) => channel % block === 0,
  layout: ({ shape, kind }: Value): Layout =>
    isImage(shape) && kind !== "input" ? { kind: "blocked", block } : planarLayout,
  bytes: ({ shape }, { kind }) =>
    kind === "blocked"
      ? 4 * Math.ceil(shape[0]! / block) * block * pixels(shape)
      : 4 * elements(shape),
  sliceOffset: (shape, { kind }, channel) => {
    if (kind === "planar") return 4 * channel;
    return channel % block === 0 ? 4 * channel * pixels(shape) : undefined;
  },
});

/** The same where convolutions may begin inside of a block. */
export const shared = (block: number): LayoutRule => ({
  ...blocked(block),
  sliceOffset: (shape, layout, channel) =>
    blocked(block).sliceOffset(shape, layout, channel - (channel % (isImage(shape) ? block : 1))),
  keepsToChannels: ({ primitive }) => primitive.name === "conv",
});

/** Pixel by pixel, as tensor cores like it. */
export const channelsLast: LayoutRule = {
  ...common,
  layout: ({ shape, kind }) =>
    kind === "input" || !isImage(shape) ? planarLayout : { kind: "channels-last" },
  bytes: ({ shape }) => 4 * elements(shape),
  sliceOffset: (_, __, channel) => (channel % 4 === 0 ? 4 * channel : undefined),
};

const planarLayout: Layout = { kind: "planar" };
