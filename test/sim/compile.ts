import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

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

/** The simulator as an archive to link with. It is made once for the same sources. */
export async function simLibrary(): Promise<string> {
  const files = (await readdir(join(native, "sim"))).filter((name) => /\.[ch]pp$/.test(name));
  const texts = new Map<string, string>();
  for (const name of files.sort()) await readWithIncludes(join(native, "sim", name), texts);
  const hash = createHash("sha256").update([compiler, ...simFlags].join("\0"));
  for (const [file, text] of texts) hash.update(`${file}\0${text}\0`);
  const folder = join(tmpdir(), `incept-sim-${hash.digest("hex").slice(0, 16)}`);
  const archive = join(folder, "libsim.a");
  if (await stat(archive).catch(() => undefined)) return archive;
  const work = await mkdtemp(join(tmpdir(), "incept-sim-making-"));
  try {
    const sources = [...texts.keys()].filter((file) => file.endsWith(".cpp"));
    const objects = await compileSim(sources, work);
    const made = join(work, "libsim.a");
    await execute("ar", ["rcs", made, ...objects]);
    await mkdir(folder, { recursive: true });
    await rename(made, archive);
    return archive;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A file and what it includes from our folders. */
async function readWithIncludes(file: string, texts: Map<string, string>): Promise<void> {
  if (texts.has(file)) return;
  const text = await readFile(file, "utf8");
  texts.set(file, text);
  for (const [, name] of text.matchAll(/^#include "(.*)"$/gm))
    await readWithIncludes(join(dirname(file), name!), texts);
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
