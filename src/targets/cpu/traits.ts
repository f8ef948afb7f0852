import { isImage } from "../../ops/shape.js";
import type { TargetTraits } from "../../passes/pass.js";
import { block } from "./blocks.js";

/** What passes may count on. */
export const cpuTraits: TargetTraits = {
  name: "cpu",
  activations: ["none", "relu", "sigmoid", "tanh"],
  sliceAligned: (channel, shape) => !isImage(shape) || channel % block === 0,
  // kMaxSegments of native/layers/layers.hpp.
  mostSiblings: 64,
};
