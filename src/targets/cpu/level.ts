import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

/** Instruction sets that kernels are compiled for. */
export type CpuLevel = "amx" | "avx512" | "avx2" | "baseline" | "neon";

/** What images are stored in between layers. */
export type CpuPrecision = "f32" | "bf16";

/**
 * What the kernels' code may use, as /proc/cpuinfo spells it. That is less than the x86-64 psABI's
 * levels v3 and v4: virtual machines often hide lzcnt (`abm`), which no kernel needs.
 */
const avx2 = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma"];
const avx512 = [...avx2, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];
const amx = [...avx512, "avx512_bf16", "amx_tile", "amx_bf16"];

/**
 * The best level of this processor and its system for a precision. Where neither says what it can
 * do, the baseline that every processor of the architecture has.
 */
export function hostLevel(precision: CpuPrecision = "f32"): CpuLevel {
  if (process.arch === "arm64") return "neon";
  if (process.arch !== "x64") return "baseline";
  return levelOf(hostFeatures(), precision);
}

/**
 * The levels of an architecture's processors, best first: the last runs on all of them. Tiles
 * multiply bf16 alone.
 */
export function levelsOfArch(
  precision: CpuPrecision = "f32",
  arch: string = process.arch,
): readonly CpuLevel[] {
  if (arch === "arm64") return ["neon"];
  if (arch !== "x64") return ["baseline"];
  return [...(precision === "bf16" ? (["amx"] as const) : []), "avx512", "avx2", "baseline"];
}

/** Those of them that this processor has. */
export function levelsHere(precision: CpuPrecision = "f32"): readonly CpuLevel[] {
  const known = levelsOfArch(precision);
  return known.slice(known.indexOf(hostLevel(precision)));
}

export function levelOf(features: ReadonlySet<string>, precision: CpuPrecision = "f32"): CpuLevel {
  const has = (level: readonly string[]): boolean => level.every((each) => features.has(each));
  if (precision === "bf16" && has(amx)) return "amx";
  if (has(avx512)) return "avx512";
  return has(avx2) ? "avx2" : "baseline";
}

/**
 * Compiler flags of the files that hold kernels. Contraction and the two promises about errno and
 * traps change no result; -ffast-math would.
 */
export const kernelFlags = (level: CpuLevel): readonly string[] => [
  ...(level === "avx2" ? enabled(avx2) : []),
  ...(level === "avx512" ? [...enabled(avx512), "-mprefer-vector-width=512"] : []),
  ...(level === "amx" ? [...enabled(amx), "-mprefer-vector-width=512"] : []),
  "-O3",
  "-ffp-contract=fast",
  "-fno-math-errno",
  "-fno-trapping-math",
];

const enabled = (features: readonly string[]): readonly string[] =>
  features.map((feature) => `-m${compilers[feature] ?? feature}`);

/** What compilers call otherwise. */
const compilers: Readonly<Record<string, string>> = {
  bmi1: "bmi",
  avx512_bf16: "avx512bf16",
  amx_tile: "amx-tile",
  amx_bf16: "amx-bf16",
};

/** Linux leaves out what the kernel did not enable; macOS spells it in capitals, in two lists. */
function hostFeatures(): ReadonlySet<string> {
  try {
    if (process.platform === "linux") return cpuinfo(readFileSync("/proc/cpuinfo", "utf8"));
    if (process.platform === "darwin") return sysctl();
  } catch {
    // A sandbox without /proc: the baseline runs there too.
  }
  return new Set();
}

/** The flags of the first processor of /proc/cpuinfo. */
export function cpuinfo(text: string): ReadonlySet<string> {
  return new Set(/^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? []);
}

function sysctl(): ReadonlySet<string> {
  const keys = ["features", "leaf7_features", "extfeatures"].map((key) => `machdep.cpu.${key}`);
  const words = execFileSync("sysctl", ["-n", ...keys], { encoding: "utf8" });
  const alias: Readonly<Record<string, string>> = { "avx1.0": "avx" };
  return new Set(
    words
      .toLowerCase()
      .trim()
      .split(/\s+/)
      .map((word) => alias[word] ?? word),
  );
}
