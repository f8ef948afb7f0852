import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { renderProject } from "../../emit/render.js";
import { realPath } from "../../files/real-path.js";
import { whileWriting, writeFiles } from "../disk/files.js";
import { marked, markName, replaceable, waitingName } from "./mark.js";
import { nativeFiles } from "../project/native-files.js";
import { projectOf } from "../project/project.js";
import type { EmitRequest } from "../request.js";
import { variantOf } from "../choose/variant.js";
import { tryFolder } from "../disk/writable.js";

/**
 * Writes the C++ project of a network and builds nothing. A new folder appears whole; one that holds
 * an earlier project of ours, and nothing else, gets the new one. A link to a folder stays a link.
 *
 * @throws InceptError `emit/not-empty`, `emit/changed` or `file/cannot-write`
 * @throws RangeError for a tap that names no step
 */
export async function emitProject(request: EmitRequest): Promise<void> {
  const named = resolve(request.directory);
  const directory = await whileWriting(named, () => realPath(named));
  await whileWriting(directory, async () => {
    const earlier = replaceable(directory);
    // Where the system makes no folders, as in /proc, Node would try to make one without end.
    await tryFolder(directory);
    const files = marked(filesOf(request));
    if (earlier === undefined) appear(directory, files);
    else exchange(directory, earlier, files);
  });
}

function filesOf(request: EmitRequest): ReadonlyMap<string, string> {
  const kind = request.standalone === true ? "standalone" : "addon";
  const variant = variantOf(request, "anywhere");
  const project = projectOf(request, variant);
  return new Map([...renderProject(project, kind), ...nativeFiles(kind, variant.target)]);
}

const random = (): string => randomBytes(4).toString("hex");

function appear(directory: string, files: ReadonlyMap<string, string>): void {
  const fresh = `${directory}.${random()}.new`;
  try {
    mkdirSync(dirname(directory), { recursive: true });
    writeFiles(fresh, files);
    renameSync(fresh, directory);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The folder itself stays: somebody may stand in it, or have mounted it. The old files go before the
 * new ones come, the mark between them, so that what a kill leaves is never half of each and always
 * ours to replace.
 */
function exchange(
  directory: string,
  earlier: readonly string[],
  files: ReadonlyMap<string, string>,
): void {
  const fresh = join(directory, waitingName(random()));
  try {
    writeFiles(fresh, files);
    for (const name of earlier) rmSync(join(directory, name), { recursive: true, force: true });
    const others = readdirSync(fresh).filter((name) => name !== markName);
    for (const name of [markName, ...others]) renameSync(join(fresh, name), join(directory, name));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
