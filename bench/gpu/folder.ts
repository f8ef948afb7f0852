/** The folder that `npm run gpu-check` carries to a GPU: sources, graphs, scripts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { nativeFiles } from "../../src/build/project/native-files.js";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { writeBeside } from "../../src/build/disk/write-beside.js";
import { version } from "../../src/emit/package.js";
import { renderProject } from "../../src/emit/render.js";
import { buildGraph } from "../../src/graph/build.js";
import { convolutionsJson } from "./convolutions-json.js";
import { graphJson } from "./graph-json.js";
import type { Wanted } from "./networks.js";

const here = dirname(fileURLToPath(import.meta.url));

/** What the folder holds besides what CMake and the check write: `build/`, `result.json`. */
const rooms = ["native", "networks", "graphs", "gpu"];

/**
 * Writes the folder; files that it holds already keep their time, so that a second build is short.
 *
 * @returns its size in bytes
 */
export function writeFolder(directory: string, networks: readonly Wanted[]): number {
  requireOurs(directory);
  const files = new Map([...scripts(), ...nativeSources(), ...networks.flatMap(filesOf)]);
  for (const [name, text] of files) writeChanged(join(directory, name), text);
  for (const room of rooms) removeOthers(directory, room, files);
  // Last: with it the folder is whole.
  const manifest = manifestText(networks);
  writeChanged(join(directory, "manifest.json"), manifest);
  return [...files.values(), manifest].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function manifestText(networks: readonly Wanted[]): string {
  const entries = networks.map(({ id, name, precision, maxBatch, kind }) => ({
    id,
    name,
    precision,
    maxBatch,
    kind,
    graph: `graphs/${name}.json`,
    convolutions: `networks/${id}/convolutions.json`,
  }));
  return `${JSON.stringify({ inceptc: version, networks: entries }, null, 2)}\n`;
}

type File = readonly [name: string, text: string];

/** The same sources on a GPU and in the simulator: only their CMake projects differ. */
function filesOf(wanted: Wanted): readonly File[] {
  const { id, name, spec, precision, maxBatch } = wanted;
  const network = wanted.network();
  const request = { spec, network, target: "cuda", precision, maxBatch } as const;
  const project = projectOf(request, variantOf(request));
  const emitted = [...renderProject(project, "standalone")]
    .filter(([file]) => file !== "CMakeLists.txt")
    .map(([file, text]): File => [`networks/${id}/${file}`, text]);
  return [
    ...emitted,
    [`networks/${id}/convolutions.json`, convolutionsJson(project)],
    [`graphs/${name}.json`, graphJson(buildGraph(network))],
  ];
}

function nativeSources(): readonly File[] {
  const both = [...nativeFiles("standalone", "cuda"), ...nativeFiles("standalone", "cuda-sim")];
  return both.filter(([name]) => !name.startsWith("native/standalone/"));
}

function scripts(): readonly File[] {
  const read = (name: string): string => readFileSync(join(here, name), "utf8");
  const python = readdirSync(here).filter((name) => name.endsWith(".py"));
  return [
    ...python.map((name): File => [`gpu/${name}`, read(name)]),
    ["CMakeLists.txt", read("CMakeLists.txt")],
    ["README.md", read("README.md")],
  ];
}

function writeChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeBeside(file, text);
}

/** What an earlier emission left: CMake would build it. */
function removeOthers(directory: string, room: string, files: ReadonlyMap<string, string>): void {
  const folder = join(directory, room);
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(directory, file).replaceAll("\\", "/");
    if (entry.isFile() && !files.has(name)) rmSync(file);
  }
}

/** Only an empty folder is written to, or one that an earlier emission wrote. */
function requireOurs(directory: string): void {
  if (!existsSync(directory) || existsSync(join(directory, "manifest.json"))) return;
  const empty = statSync(directory).isDirectory() && readdirSync(directory).length === 0;
  if (!empty) throw new RangeError(`${directory} holds something else; name a new folder.`);
}
