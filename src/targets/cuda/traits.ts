import { activationNames } from "../../ops/activations.js";
import type { TargetTraits } from "../../passes/pass.js";

/** What passes may count on. */
export const gpuTraits: TargetTraits = {
  name: "cuda",
  activations: activationNames,
  // kMaxSegments of native/layers/layers.hpp.
  mostSiblings: 64,
};
