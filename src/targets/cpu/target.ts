import type { Target } from "../target.js";
import { fastLayouts, referenceLayouts } from "./layouts.js";
import { type CpuOptions, lowerCpu } from "./lower.js";
import { cpuTraits } from "./traits.js";

export const cpuTarget = (options: CpuOptions): Target => ({
  traits: cpuTraits,
  layouts: options.reference ? referenceLayouts : fastLayouts,
  lower: (plan) => lowerCpu(plan, options),
});
