import { channels, elements } from "../../ops/shape.js";
import type { MemoryRule } from "../../plan/plan.js";
import type { GpuPrecision } from "../program.js";

/** Bytes of one number. */
export const sizeOf = (precision: GpuPrecision): number =>
  precision === "f32" || precision === "tf32" ? 4 : 2;

/** What one access of a kernel, and a tensor core's operand, wants to be aligned to. */
const vector = 16;

export interface GpuMemory {
  readonly precision: GpuPrecision;
  /** Whether operands of concats lie in the result, where they can. */
  readonly placed: boolean;
}

/**
 * Everything channels-last. A buffer is given for one image; for a batch of n all offsets are n
 * times as far. A slice starts, and the next pixel begins, at whole vectors.
 */
export function gpuMemory({ precision, placed }: GpuMemory): MemoryRule {
  const bytes = sizeOf(precision);
  const aligned = (count: number): boolean => (bytes * count) % vector === 0;
  return {
    alignment: 256,
    // What a library may count on.
    weightAlignment: 256,
    order: "dataflow",
    siblings: "together",
    loadsInputs: true,
    scratch: "image",
    bytes: ({ shape }) => bytes * elements(shape),
    sliceOffset: (_, __, channel) => bytes * channel,
    sliceStarts: (channel, shape) => placed && aligned(channel) && aligned(channels(shape)),
  };
}
