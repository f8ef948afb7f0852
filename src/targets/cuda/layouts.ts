import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { channels, elements, type Shape } from "../../ops/shape.js";
import type { LayoutRule, Slice } from "../../plan/plan.js";
import type { GpuPrecision } from "../program.js";
import { scratchNumbers } from "./scratch.js";

/** Bytes of one number. */
export const sizeOf = (precision: GpuPrecision): number =>
  precision === "f32" || precision === "tf32" ? 4 : 2;

/** What one access of a kernel, and a tensor core's operand, wants to be aligned to. */
const vector = 16;

/**
 * Everything channels-last. A buffer is given for one image; for a batch of n all offsets are n
 * times as far. A slice starts, and the next pixel begins, at whole vectors.
 */
export const gpuLayouts = (precision: GpuPrecision): LayoutRule => {
  const bytes = sizeOf(precision);
  const aligned = (count: number): boolean => (bytes * count) % vector === 0;
  return {
    alignment: 256,
    order: "dataflow",
    siblings: "together",
    stagesInput: true,
    layout: (value: Value) => ({ kind: "channels-last", pitch: channels(value.shape) }),
    bytes: (shape: Shape) => bytes * elements(shape),
    sliceOffset: (_, __, channel) => bytes * channel,
    sliceStarts: (channel, shape) => aligned(channel) && aligned(channels(shape)),
    workspace: (node: Node, slices: ReadonlyMap<Value, Slice>) =>
      bytes * scratchNumbers(node, slices),
  };
};
