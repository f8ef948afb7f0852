/**
 * `npm run gpu-check`: the examples and random networks on a GPU, against PyTorch and beside it.
 * Writes a folder that needs nvcc, CMake and Python alone, then runs its check.
 *
 *     npm run gpu-check -- --python /path/to/python --emit build/gpu-check
 *     npm run gpu-check -- --emit-only --only googlenet,random-3
 *     npm run gpu-check -- --sim --only simple-inception
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { writeFolder } from "../bench/gpu/folder.js";
import { allNetworks, only } from "../bench/gpu/networks.js";
import { InceptError } from "../src/diagnostics/incept-error.js";
import { packageFile } from "../src/emit/package.js";

interface Flags {
  readonly emit: string;
  readonly emitOnly?: boolean;
  readonly only?: string;
  readonly maxBatch?: string;
  readonly python: string;
  readonly sim?: boolean;
  readonly arch?: string;
  readonly batches?: string;
  readonly budget?: string;
  readonly seed?: string;
}

const flags = new Command("npm run gpu-check --")
  .description("runs the examples and random networks on a GPU, against PyTorch and beside it")
  .option("--emit <dir>", "where the folder for the GPU is written", "build/gpu-check")
  .option("--emit-only", "write the folder and run nothing")
  .option("--only <networks>", "some of them, with commas between")
  .option("--max-batch <n>", "the largest batch")
  .option("--python <program>", "the Python that has PyTorch", "python3")
  .option("--sim", "on the simulator instead of a GPU")
  .option("--arch <list>", "GPUs to build for: 90 (default: the one that is there)")
  .option("--batches <list>", "batches to run (default: 1,3,5,max)")
  .option("--budget <seconds>", "of time on the GPU (default: 520)")
  .option("--seed <n>", "of weights and inputs (default: a fresh one)")
  .parse()
  .opts<Flags>();

/** The simulator checks every access: large batches are not for it. */
const cap = flags.maxBatch ?? (flags.sim === true ? "8" : undefined);
const directory = resolve(flags.emit);
try {
  const known = allNetworks(cap === undefined ? Infinity : Number(cap));
  const networks = flags.only === undefined ? known : only(known, flags.only.split(","));
  const bytes = writeFolder(directory, networks);
  process.stdout.write(
    `${networks.length} networks for a GPU, ${(bytes / 1e6).toFixed(1)} MB, in ${directory}\n` +
      `  anywhere: python3 ${join(flags.emit, "gpu", "check.py")}\n`,
  );
} catch (error) {
  if (!(error instanceof RangeError || error instanceof InceptError)) throw error;
  refuse(error.message);
}
if (flags.emitOnly !== true) process.exitCode = check();

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function check(): number {
  const passed = (["arch", "batches", "budget", "seed"] as const).flatMap((name) =>
    flags[name] === undefined ? [] : [`--${name}`, flags[name]],
  );
  const { status, error } = spawnSync(
    flags.python,
    [
      join(directory, "gpu", "check.py"),
      directory,
      ...(flags.sim === true ? ["--sim"] : ["--results", packageFile("bench", "results")]),
      ...passed,
    ],
    { stdio: "inherit" },
  );
  if (error) process.stderr.write(`${flags.python} did not start: ${error.message}\n`);
  return status ?? 1;
}
