import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { arm, withoutArm } from "../support/arm.js";

const execute = promisify(execFile);
const compiler = process.env["CXX"] ?? "c++";
const native = fileURLToPath(new URL("../../native", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** The flags that native/cpu/README.md asks for; warnings are errors in our own headers. */
const flags = ["-std=c++17", "-O2", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"];
const strict = ["-Wall", "-Wextra", "-Werror", "-pthread"];

/**
 * Instruction sets by their -march value; `armv8-a` is NEON, emulated. The vector width and the number
 * of registers differ, so the kernels take different paths in each.
 */
export const marches = ["x86-64", "haswell", "native", "armv8-a"] as const;

/** Why programs for an instruction set cannot be run here, or nothing. */
export async function unrunnable(march: string): Promise<string | undefined> {
  if (march === "native") return undefined;
  if (march === "armv8-a") return arm === undefined ? withoutArm : undefined;
  if (process.arch !== "x64") return "this processor is no x64";
  const info = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const needed: Readonly<Record<string, RegExp>> = {
    haswell: /\bavx2\b/,
    "skylake-avx512": /\bavx512vl\b/,
    sapphirerapids: /\bamx_bf16\b/,
  };
  return needed[march]?.test(info) === false ? "this processor lacks it" : undefined;
}

/** What compiles for an instruction set, and what runs the program. */
function machineOf(march: string): { compiler: string; flags: string[]; start: string[] } {
  const flags = [`-march=${march}`];
  if (march !== "armv8-a") return { compiler, flags, start: [] };
  // Its libraries are no others' concern.
  return { compiler: arm!.compiler, flags: [...flags, "-static"], start: [arm!.emulator] };
}

/** Compiles a C++ program for an instruction set, runs it and returns the lines it prints. */
export async function runNative(
  source: string,
  march: string,
  extra: readonly string[] = [],
): Promise<readonly string[]> {
  return inFolder(async (folder) => {
    const binary = join(folder, "program");
    await compile(source, march, [...extra, "-o", binary]);
    const [program, ...args] = [...machineOf(march).start, binary];
    return linesOf(program, args);
  });
}

/**
 * The same of several, each for its own instruction set, in one binary; and each one's symbols, with
 * a function of its own where there would be none but for inlining.
 */
export async function runTogether(
  sources: readonly { readonly source: string; readonly march: string }[],
): Promise<{ readonly lines: readonly string[]; readonly symbols: readonly string[][] }> {
  return inFolder(async (folder) => {
    const objects = sources.map((_, i) => join(folder, `${i}.o`));
    await Promise.all(
      sources.map(({ source, march }, i) => compile(source, march, ["-fno-inline", "-c", "-o", objects[i]!])),
    );
    const binary = join(folder, "program");
    await execute(compiler, ["-pthread", ...objects, "-o", binary]);
    const symbols = await Promise.all(
      objects.map((object) => linesOf("nm", ["-C", "--defined-only", "--format=just-symbols", object])),
    );
    return { lines: await linesOf(binary), symbols };
  });
}

async function compile(source: string, march: string, extra: readonly string[]): Promise<void> {
  const includes = [`-I${join(native, "cpu")}`, `-I${native}`, `-I${here}`];
  await inFolder(async (folder) => {
    const file = join(folder, "program.cpp");
    await writeFile(file, source);
    const machine = machineOf(march);
    const all = [...flags, ...strict, ...machine.flags, ...includes, file, ...extra];
    await execute(machine.compiler, all, { maxBuffer: 1 << 26 });
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "incept-native-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function linesOf(command: string, args: readonly string[] = []): Promise<string[]> {
  const { stdout } = await execute(command, args, { maxBuffer: 1 << 26 });
  return stdout.trim().split("\n");
}
