import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { packageFile } from "../../emit/package.js";
import type { ProjectKind } from "../../emit/render.js";
import type { TargetName } from "../request.js";

const require = createRequire(import.meta.url);

const shared = ["abi", "layers", "prepare"];

const rooms: Readonly<Record<TargetName, readonly string[]>> = {
  cpu: ["cpu"],
  cuda: ["cuda"],
  "cuda-sim": ["cuda", "sim"],
};

/**
 * The hand-written C++ that stands beside the emitted files, by name below the project: a project
 * has all it needs, and no path of this machine in its build files.
 */
export function nativeFiles(
  kind: ProjectKind | "tuning",
  target: TargetName,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const own = kind === "addon" ? ["addon", "picture"] : [kind];
  for (const room of [...shared, ...rooms[target], ...own])
    addFolder(files, packageFile("native", room), `native/${room}`);
  if (target === "cuda-sim") {
    // The simulator stands in for the real machine.
    for (const name of files.keys()) if (name.startsWith("native/cuda/device/")) files.delete(name);
  }
  if (kind === "addon") {
    addFolder(files, dirname(require.resolve("node-addon-api/package.json")), "node-addon-api");
    const headers = dirname(require.resolve("node-api-headers/package.json"));
    addFolder(files, join(headers, "include"), "node-api-headers");
  }
  return files;
}

function addFolder(files: Map<string, string>, folder: string, as: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(h|hpp|cpp|cu|cuh)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const name = `${as}/${relative(folder, file).replaceAll("\\", "/")}`;
    files.set(name, readFileSync(file, "utf8"));
  }
}
