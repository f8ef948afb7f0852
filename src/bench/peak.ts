/** How many multiply-adds this machine can do: native/peak, compiled for it and run. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findCompiler } from "../build/choose/toolchain.js";
import { packageFile } from "../emit/package.js";
import { type CpuLevel, kernelFlags } from "../targets/cpu/level.js";

const run = promisify(execFile);
const seconds = 0.3;

export interface Peak {
  readonly threads: number;
  /** The instruction set that it is of. */
  readonly level: CpuLevel;
  /** FLOP/s, a multiply-add counted twice. */
  readonly flops: number;
}

/**
 * Nothing where there is no C++ compiler, or none that can compile it.
 *
 * @param built what a network was built for
 * @param threads default: the physical cores
 */
export async function measurePeak(built: CpuLevel, threads = 0): Promise<Peak | undefined> {
  // Tiles multiply bf16; what multiplies f32 beside them is AVX-512.
  const level = built === "amx" ? "avx512" : built;
  const folder = await mkdtemp(join(tmpdir(), "incept-peak-"));
  try {
    const program = join(folder, "peak");
    await run(findCompiler(process.env).path, [
      ...["-std=c++17", ...kernelFlags(level), "-pthread"],
      ...[packageFile("native", "peak", "peak.cpp"), "-o", program],
    ]);
    const { stdout } = await run(program, [`${threads}`, `${seconds}`]);
    const [used = 0, gigaflops = 0] = stdout.trim().split(" ").map(Number);
    return used > 0 && gigaflops > 0 ? { threads: used, level, flops: gigaflops * 1e9 } : undefined;
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
