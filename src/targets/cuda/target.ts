import type { Program } from "../program.js";
import { target, type Target } from "../target.js";
import { preparations } from "../prepare.js";
import { channelsLast, type GpuLowering } from "./kernel.js";
import { gpuMemory } from "./layouts.js";
import { gpuKernels } from "./list.js";
import { type GpuOptions, lowerCuda } from "./lower.js";

export const cudaTarget = (options: GpuOptions): Target =>
  target<GpuLowering, Program>({
    name: "cuda",
    memory: gpuMemory(options),
    list: {
      machine: { level: options.architectures.map((number) => `sm_${number}`).join(" ") },
      kernels: gpuKernels(options.precision),
      conversions: [],
      // It is brought into the arena before anything reads it.
      input: () => channelsLast,
      preparations: preparations(),
      references: false,
    },
    lower: (plan, selection) => lowerCuda(plan, selection, options),
  });
