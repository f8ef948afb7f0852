import type { Layout } from "../../kernels/layout.js";
import type { DType } from "../../ops/primitive.js";
import { channels, elements, isImage, plane, type Shape } from "../../ops/shape.js";
import type { MemoryRule } from "../../plan/plan.js";
import { block } from "./blocks.js";
import type { CpuPrecision } from "./level.js";

const floatBytes = 4;

/** Of one number. */
export const dtypeBytes: Readonly<Record<DType, number>> = { f32: floatBytes, i32: 4, u8: 1 };

/** What both have in common: whole levels run at once, and a convolution writes to many places. */
const barriers = {
  alignment: 64,
  weightAlignment: 64,
  order: "levels",
  siblings: "apart",
  loadsInputs: false,
  scratch: "image",
} as const;

/** Images in blocks of 16 channels, vectors as they come: those are f32 in every precision. */
export const fastMemory = (precision: CpuPrecision = "f32"): MemoryRule => {
  const bytes = ({ kind }: Layout, dtype: DType): number =>
    kind === "blocked" && dtype === "f32" ? storedBytes[precision] : dtypeBytes[dtype];
  return {
    ...barriers,
    bytes: ({ shape, dtype }, layout) => bytes(layout, dtype) * numbers(shape, layout),
    sliceOffset: (shape, layout, channel) => {
      const first = layout.kind === "blocked" ? channel - (channel % block) : channel;
      return bytes(layout, "f32") * first * area(shape);
    },
    sliceStarts: (channel, shape) => !isImage(shape) || channel % block === 0,
  };
};

/** Of one number of an image in blocks. */
export const storedBytes: Readonly<Record<CpuPrecision, number>> = { f32: 4, bf16: 2 };

/** Everything in a buffer of its own: for the reference kernels. */
export const referenceMemory: MemoryRule = {
  ...barriers,
  bytes: ({ shape, dtype }) => dtypeBytes[dtype] * elements(shape),
  sliceOffset: (shape, _, channel) => floatBytes * channel * area(shape),
  sliceStarts: () => false,
};

/** The numbers that a value takes; of a blocked one with the lanes past its last channel. */
export function numbers(shape: Shape, layout: Layout): number {
  if (layout.kind === "planar") return elements(shape);
  return Math.ceil(channels(shape) / block) * block * area(shape);
}

const area = (shape: Shape): number => plane(shape)[0] * plane(shape)[1];
