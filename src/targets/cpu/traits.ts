import { activationNames } from "../../ops/activations.js";
import type { TargetTraits } from "../../passes/pass.js";

/** What passes may count on. */
export const cpuTraits: TargetTraits = {
  name: "cpu",
  activations: activationNames,
  // kMaxSegments of native/layers/layers.hpp.
  mostSiblings: 64,
};
