import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { kept, nativeVersion } from "../support/kept.js";

const execute = promisify(execFile);
const native = fileURLToPath(new URL("../../native", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

const compiler = process.env["CXX"] ?? "c++";

/** How the sources of the CUDA target are compiled for the simulator, `.cu` and `.cuh` as C++. */
export const simFlags: readonly string[] = [
  ...["-std=c++20", "-DINCEPT_SIM", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"],
  ...["cuda", "sim", "layers", "abi", ""].map((folder) => `-I${join(native, folder)}`),
  `-I${here}`,
];

/** The simulator, and what all kernels are called through, as an archive to link with. */
export async function simLibrary(): Promise<string> {
  const machine = (await readdir(join(native, "sim"))).filter((name) => name.endsWith(".cpp"));
  const sources = [
    ...machine.map((name) => join(native, "sim", name)),
    ...["walk.cpp", "workspace.cpp"].map((name) => join(native, "cuda", name)),
  ];
  const key = [compiler, ...simFlags, ...sources, nativeVersion()];
  const folder = await kept(tmpdir(), "sim", key, async (place) => {
    const objects = await compileSim(sources, place);
    await execute("ar", ["rcs", join(place, "libsim.a"), ...objects]);
  });
  return join(folder, "libsim.a");
}

/** Compiles each source, with position-independent code, to an object file in the folder. */
export async function compileSim(
  sources: readonly string[],
  folder: string,
  extra: readonly string[] = [],
): Promise<readonly string[]> {
  const objects: string[] = [];
  for (const source of sources) {
    const object = join(folder, `${objects.length}-${basename(source)}.o`);
    const all = [...simFlags, "-fPIC", ...extra, "-x", "c++", "-c", source, "-o", object];
    await execute(compiler, all, { maxBuffer: 1 << 26 });
    objects.push(object);
  }
  return objects;
}

/** Compiles sources, links them with the simulator, runs the program and returns its lines. */
export async function runSim(
  sources: readonly string[],
  extra: readonly string[] = [],
): Promise<readonly string[]> {
  const library = await simLibrary();
  const folder = await mkdtemp(join(tmpdir(), "incept-sim-test-"));
  try {
    const objects = await compileSim(sources, folder, extra);
    const binary = join(folder, "program");
    await execute(compiler, ["-pthread", ...objects, library, "-o", binary]);
    const { stdout } = await execute(binary, [], { maxBuffer: 1 << 26 });
    return stdout.trim().split("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The programs of this folder print a line a case: "name: what happened". */
export async function runCases(program: string): Promise<ReadonlyMap<string, string>> {
  const lines = await runSim([join(here, program)]);
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
}
