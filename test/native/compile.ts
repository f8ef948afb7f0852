import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const native = fileURLToPath(new URL("../../native", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** The flags that native/cpu/README.md asks for; warnings are errors in our own headers. */
const flags = ["-std=c++17", "-O2", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"];
const strict = ["-Wall", "-Wextra", "-Werror", "-pthread"];

/**
 * Instruction sets that this machine can run, by their -march value. The vector width differs, so
 * the kernels take different paths in each.
 */
export async function levels(): Promise<readonly string[]> {
  if (process.arch !== "x64") return ["native"];
  const info = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  return ["x86-64", ...(/\bavx2\b/.test(info) ? ["haswell"] : []), "native"];
}

/** Compiles a C++ program with the host's compiler, runs it and returns the lines it prints. */
export async function runNative(
  source: string,
  march: string,
  extra: readonly string[] = [],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "incept-native-"));
  try {
    const file = join(folder, "program.cpp");
    const binary = join(folder, "program");
    await writeFile(file, source);
    const includes = [`-I${join(native, "cpu")}`, `-I${native}`, `-I${here}`];
    const compiler = process.env["CXX"] ?? "c++";
    const all = [...flags, ...strict, `-march=${march}`, ...extra, ...includes, file, "-o", binary];
    await execute(compiler, all, { maxBuffer: 1 << 26 });
    const { stdout } = await execute(binary, [], { maxBuffer: 1 << 26 });
    return stdout.trim().split("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
