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
import { parseArgs } from "node:util";
import { writeFolder } from "../bench/gpu/folder.js";
import { allNetworks, only } from "../bench/gpu/networks.js";
import { InceptError } from "../src/diagnostics/incept-error.js";
import { packageFile } from "../src/emit/package.js";

const { values: flags, positionals } = parseArgs({
  options: {
    emit: { type: "string", default: "build/gpu-check" },
    "emit-only": { type: "boolean", default: false },
    only: { type: "string" },
    "max-batch": { type: "string" },
    python: { type: "string", default: "python3" },
    sim: { type: "boolean", default: false },
    // The rest is check.py's.
    arch: { type: "string" },
    batches: { type: "string" },
    budget: { type: "string" },
    seed: { type: "string" },
  },
  allowPositionals: true,
});
if (positionals.length > 0) refuse(`What is ${positionals.join(" ")}?`);

/** The simulator checks every access: large batches are not for it. */
const cap = flags["max-batch"] ?? (flags.sim ? "8" : undefined);
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
if (!flags["emit-only"]) process.exitCode = check();

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
      ...(flags.sim ? ["--sim"] : ["--results", packageFile("bench", "results")]),
      ...passed,
    ],
    { stdio: "inherit" },
  );
  if (error) process.stderr.write(`${flags.python} did not start: ${error.message}\n`);
  return status ?? 1;
}
