import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { renderProject } from "../emit/render.js";
import { hostLevel } from "../targets/cpu/level.js";
import { whileWriting, writeFiles } from "./files.js";
import { nativeFiles } from "./native-files.js";
import { projectOf } from "./project.js";
import type { EmitRequest } from "./request.js";
import { variantOf } from "./variant.js";

/**
 * Writes the C++ project of a network and builds nothing. The folder appears whole, or, where it
 * held an earlier one, is exchanged.
 *
 * @throws InceptError `emit/not-empty` or `file/cannot-write`
 * @throws RangeError for a tap that names no step
 */
export async function emitProject(request: EmitRequest): Promise<void> {
  const directory = resolve(request.directory);
  requireOurs(directory);
  const kind = request.standalone === true ? "standalone" : "addon";
  const variant = variantOf(request);
  const project = projectOf(request, variant, hostLevel());
  const files = new Map([...renderProject(project, kind), ...nativeFiles(kind, variant.target)]);
  const fresh = `${directory}.${randomBytes(4).toString("hex")}.new`;
  await whileWriting(directory, () => {
    try {
      mkdirSync(dirname(directory), { recursive: true });
      writeFiles(fresh, files);
      rmSync(directory, { recursive: true, force: true });
      renameSync(fresh, directory);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      throw error;
    }
  });
}

/** What stands at the top of a project, and where CMake and node-gyp build. */
const ours = new RegExp(
  `^((layers|values|steps|forward)\\.hpp|forward_\\d+\\.(cpp|cu)|network\\.cpp|prepare\\.cpp|CMakeLists\\.txt|` +
    `binding\\.gyp|package\\.json|native|node-addon-api|node-api-headers|build)$`,
);

/** Only an empty folder is written to, or one with an earlier project and nothing else. */
function requireOurs(directory: string): void {
  if (!existsSync(directory)) return;
  const stat = statSync(directory);
  const other = stat.isDirectory() ? readdirSync(directory).find((n) => !ours.test(n)) : directory;
  if (other === undefined) return;
  throw new InceptError("emit/not-empty", `${directory} holds something else: ${other}.`, {
    help: "name a new or empty folder",
  });
}
