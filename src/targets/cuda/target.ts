import type { Target } from "../target.js";
import { gpuLayouts } from "./layouts.js";
import { type GpuOptions, lowerCuda } from "./lower.js";
import { gpuTraits } from "./traits.js";

export const cudaTarget = (options: GpuOptions): Target => ({
  traits: gpuTraits,
  layouts: gpuLayouts(options.precision),
  lower: (plan) => lowerCuda(plan, options),
});
