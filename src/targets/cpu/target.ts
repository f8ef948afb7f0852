import { planar } from "../../kernels/layout.js";
import { target, type Target } from "../target.js";
import { preparations } from "../prepare.js";
import type { CpuLowering } from "./kernel.js";
import { conversions } from "./kernels/conversions.js";
import { fastMemory, referenceMemory } from "./layouts.js";
import { cpuKernels } from "./list.js";
import { type CpuOptions, lowerCpu } from "./lower.js";

export const cpuTarget = (options: CpuOptions): Target =>
  target<CpuLowering>({
    name: "cpu",
    memory: options.reference ? referenceMemory : fastMemory,
    list: {
      machine: { level: options.level },
      kernels: cpuKernels,
      conversions,
      input: () => planar,
      preparations: preparations(),
      references: options.reference,
    },
    lower: (plan, selection) => lowerCpu(plan, selection, options),
  });
