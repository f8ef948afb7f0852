import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GpuArchitecture } from "../../targets/program.js";

/** Graphs captured with explicit dependencies, and kernels with more than 4 KB of parameters. */
export const leastCuda = 12.4;

export const allArchitectures: readonly GpuArchitecture[] = [80, 86, 89, 90, 100, 120];

/** The first CUDA whose compiler knows these. */
const since: Readonly<Partial<Record<GpuArchitecture, number>>> = { 100: 12.8, 120: 12.8 };

/** Those that a toolkit can make code for; all where its version is not known. */
export const architecturesOf = (version: number | undefined): readonly GpuArchitecture[] =>
  allArchitectures.filter((number) => version === undefined || version >= (since[number] ?? 0));

/** 12.8, as the toolkit's header says it: nothing is run. Undefined where no header is found. */
export function cudaVersion(
  nvcc: { readonly path: string },
  env = process.env,
): number | undefined {
  const roots = [
    dirname(dirname(real(nvcc.path))),
    env.CUDA_PATH,
    env.CUDA_HOME,
    "/usr/local/cuda",
  ];
  for (const root of roots.filter((folder) => folder !== undefined && folder !== "")) {
    const number = headerVersion(join(root!, "include", "cuda.h"));
    if (number !== undefined)
      return Math.floor(number / 1000) + Math.floor((number % 1000) / 10) / 10;
  }
  return undefined;
}

/** `#define CUDA_VERSION 12080` */
function headerVersion(file: string): number | undefined {
  try {
    const found = /^#define CUDA_VERSION (\d+)/m.exec(readFileSync(file, "utf8"));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
