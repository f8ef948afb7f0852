/** What the words and numbers of a build may be; nothing here needs a compiler. */
import type { GpuPrecision } from "../../targets/program.js";
import type { Builder, CpuChoice, TargetName } from "../request.js";

export const targetNames = ["auto", "cpu", "cuda", "cuda-sim"] as const satisfies readonly (
  TargetName | "auto"
)[];

export const precisions: readonly GpuPrecision[] = ["f32", "tf32", "f16", "bf16"];

export const cpuChoices = [
  "native",
  "amx",
  "avx512",
  "avx2",
  "baseline",
  "neon",
  "all",
] as const satisfies readonly CpuChoice[];

export const builders: readonly Builder[] = ["cmake-js", "node-gyp"];

/** Images of one native call. */
export const largestBatch = 4096;
