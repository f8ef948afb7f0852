import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findNvcc } from "../../src/build/choose/toolchain.js";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** nvcc's own words on registers are not warnings, but a kernel that keeps arrays in memory is. */
test("nvcc compiles every kernel for two architectures", { timeout: 600_000 }, async ({ skip }) => {
  const nvcc = findNvcc();
  skip(nvcc === undefined, "CUDA's compiler, nvcc, was not found");
  const folder = await mkdtemp(join(tmpdir(), "incept-nvcc-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(
      nvcc!.path,
      [
        ...["-std=c++20", "-O3", "--expt-relaxed-constexpr", "-Xptxas=-v"],
        ...["-Werror", "all-warnings", "-Xcompiler", "-Wall,-Wextra,-Werror"],
        ...[80, 120].flatMap((arch) => ["-gencode", `arch=compute_${arch},code=sm_${arch}`]),
        ...[`-I${path("../../native")}`, "-c", path("all.cu"), "-o", join(folder, "all.o")],
      ],
      { maxBuffer: 1 << 26 },
    );
    const words = stdout + stderr;
    const stacks = words.match(/\d+ bytes stack frame.*/g) ?? [];
    expect(stacks.length).toBeGreaterThan(200);
    expect(new Set(stacks)).toEqual(
      new Set(["0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
