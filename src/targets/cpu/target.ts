import { planar } from "../../kernels/layout.js";
import type { KernelList } from "../../kernels/list.js";
import type { MemoryRule } from "../../plan/plan.js";
import { target, type Target } from "../target.js";
import { preparations } from "../prepare.js";
import type { CpuProgram, TrainingProgram } from "../program.js";
import type { CpuLowering } from "./kernel.js";
import { conversions } from "./kernels/conversions.js";
import { fastMemory, referenceMemory } from "./layouts.js";
import { cpuKernels } from "./list.js";
import { lowerCpu } from "./lower.js";
import { lowerTraining } from "./lower-training.js";
import type { CpuOptions } from "./sections.js";

export const cpuTarget = (options: CpuOptions): Target<CpuProgram> =>
  target<CpuLowering, CpuProgram>({
    name: "cpu",
    memory: memoryOf(options),
    // A run that answers sees one image after the other.
    list: { ...listOf(options), kernels: cpuKernels.filter(({ wholeBatch }) => !wholeBatch) },
    lower: (plan, selection) => lowerCpu(plan, selection, options),
  });

/** Of the graphs that train: one value after another, of each all images of a batch. */
export const cpuTrainingTarget = (options: CpuOptions): Target<TrainingProgram> =>
  target<CpuLowering, TrainingProgram>({
    name: "cpu",
    memory: { ...memoryOf(options), scratch: "thread" },
    list: { ...listOf(options), parametersStay: true },
    lower: (plan, selection) => lowerTraining(plan, selection, options),
  });

const memoryOf = ({ reference, precision }: CpuOptions): MemoryRule =>
  reference ? referenceMemory : fastMemory(precision);

const listOf = ({
  level,
  precision = "f32",
  reference,
  strict = false,
  force = [],
}: CpuOptions): KernelList<CpuLowering> => ({
  machine: { level, strict, precision },
  kernels: cpuKernels,
  conversions,
  input: () => planar,
  preparations: preparations(),
  references: reference,
  forced: force,
});
