import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

/** Instruction sets that kernels are compiled for. */
export type CpuLevel = "avx512" | "avx2" | "baseline" | "neon";

/**
 * What the kernels' code may use, as /proc/cpuinfo spells it. That is less than the x86-64 psABI's
 * levels v3 and v4: virtual machines often hide lzcnt (`abm`), which no kernel needs.
 */
const avx2 = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma"];
const avx512 = [...avx2, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

/**
 * The best level of this processor and its system. Where neither says what it can do, the
 * baseline that every processor of the architecture has.
 */
export function hostLevel(): CpuLevel {
  if (process.arch === "arm64") return "neon";
  if (process.arch !== "x64") return "baseline";
  return levelOf(hostFeatures());
}

/** The levels of an architecture's processors, best first: the last runs on all of them. */
export function levelsOfArch(arch: string = process.arch): readonly CpuLevel[] {
  if (arch === "arm64") return ["neon"];
  return arch === "x64" ? ["avx512", "avx2", "baseline"] : ["baseline"];
}

export function levelOf(features: ReadonlySet<string>): CpuLevel {
  if (avx512.every((feature) => features.has(feature))) return "avx512";
  return avx2.every((feature) => features.has(feature)) ? "avx2" : "baseline";
}

/**
 * Compiler flags of the files that hold kernels. Contraction and the two promises about errno and
 * traps change no result; -ffast-math would.
 */
export const kernelFlags = (level: CpuLevel): readonly string[] => [
  ...(level === "avx2" ? enabled(avx2) : []),
  ...(level === "avx512" ? [...enabled(avx512), "-mprefer-vector-width=512"] : []),
  "-O3",
  "-ffp-contract=fast",
  "-fno-math-errno",
  "-fno-trapping-math",
];

const enabled = (features: readonly string[]): readonly string[] =>
  features.map((feature) => `-m${feature === "bmi1" ? "bmi" : feature}`);

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
