import { activationNames } from "../../ops/activations.js";
import type { TargetTraits } from "../../passes/pass.js";
import { fastLayouts } from "./layouts.js";

/** What passes may count on. */
export const cpuTraits: TargetTraits = {
  name: "cpu",
  activations: activationNames,
  sliceAligned: (channel, shape) => fastLayouts.sliceStarts(channel, shape),
  siblings: fastLayouts.siblings,
  // kMaxSegments of native/layers/layers.hpp.
  mostSiblings: 64,
};
