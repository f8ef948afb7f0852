import { activationNames } from "../../ops/activations.js";
import type { TargetTraits } from "../../passes/pass.js";
import type { GpuPrecision } from "../program.js";
import { gpuLayouts } from "./layouts.js";

/** What passes may count on. */
export function gpuTraits(precision: GpuPrecision): TargetTraits {
  const layouts = gpuLayouts(precision);
  return {
    name: "cuda",
    activations: activationNames,
    sliceAligned: (channel, shape) => layouts.sliceStarts(channel, shape),
    siblings: layouts.siblings,
    // kMaxSegments of native/layers/layers.hpp.
    mostSiblings: 64,
  };
}
