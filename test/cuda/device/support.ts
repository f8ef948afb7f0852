import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNvcc } from "../../../src/build/choose/toolchain.js";
import { wheels } from "../wheels.js";

const execute = promisify(execFile);

export const here = fileURLToPath(new URL(".", import.meta.url));
export const native = fileURLToPath(new URL("../../../native", import.meta.url));
export const device = join(native, "cuda", "device");

/** All of native/cuda/device that the host's compiler compiles. */
export const sources = readdirSync(device)
  .filter((name) => name.endsWith(".cpp"))
  .map((name) => join(device, name));

const nvcc = findNvcc();
const wanted = wheels();

/** Why a test that needs the toolkit, or the libraries too, cannot run; undefined where it can. */
export const withoutToolkit = nvcc === undefined ? "nvcc was not found" : undefined;
export const withoutWheels =
  withoutToolkit ?? (wanted === undefined ? "INCEPT_CUDA_WHEELS names no wheels" : undefined);
if (wanted !== undefined && nvcc === undefined) throw new Error("INCEPT_CUDA_WHEELS without nvcc");

/** The folder of the toolkit: nvcc on the PATH may be a link to its own, or a script of a package. */
const toolkit =
  nvcc === undefined
    ? ""
    : [join(dirname(realpathSync(nvcc.path)), ".."), process.env.CUDA_HOME, "/usr/local/cuda"].find(
        (folder) => existsSync(join(folder ?? "", "include", "cuda_runtime_api.h")),
      )!;
const includes = [native, join(native, "cuda"), here].map((folder) => `-I${folder}`);
const strict = ["-std=c++20", "-Wall", "-Wextra", "-Werror"];

/** The runtime that an addon is linked with. */
export const runtime = [
  `-L${join(toolkit, "lib64")}`,
  "-lcudart_static",
  ...["-ldl", "-lpthread", "-lrt"],
];

/** The vendor's own headers. */
export const vendorIncludes = (wanted?.include ?? []).map((folder) => `-isystem${folder}`);

async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execute(program, args, { maxBuffer: 1 << 26 });
  return stdout + stderr;
}

export const hostCompile = (...args: readonly string[]): Promise<string> =>
  run(process.env.CXX ?? "c++", [
    ...strict,
    ...includes,
    `-isystem${join(toolkit, "include")}`,
    ...args,
  ]);

export const nvccCompile = (...args: readonly string[]): Promise<string> =>
  run(nvcc!.path, [
    ...["-std=c++20", "-O2", "--expt-relaxed-constexpr"],
    ...["-Werror", "all-warnings", "-Xcompiler", "-Wall,-Wextra"],
    ...includes,
    ...args,
  ]);

/** Where the tests' programs find libraries: nowhere but where `paths` says. */
export function environment(paths: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...paths };
}

/** Runs a test's program; the lines it prints. */
export async function lines(
  program: string,
  args: readonly string[],
  paths: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { stdout } = await execute(program, args, { env: environment(paths), maxBuffer: 1 << 26 });
  return stdout.trim().split("\n");
}
