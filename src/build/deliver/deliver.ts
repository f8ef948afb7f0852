import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageFiles, renderPackage } from "../../emit/delivered.js";
import { manifestText } from "../../emit/manifest.js";
import { binaryName } from "../../emit/render.js";
import { digestOf } from "../../files/digest.js";
import { realPath } from "../../files/real-path.js";
import type { Network } from "../../model/network.js";
import {
  type Earlier,
  earlierIn,
  type Hashes,
  markText,
  present,
  requireOurs,
} from "./delivery.js";
import { whileWriting } from "../disk/files.js";
import { thisMachine } from "./machine.js";
import { markName } from "./mark.js";
import { manifestName } from "../cache/marker.js";
import type { BuildResult } from "../request.js";
import { tryFolder } from "../disk/writable.js";
import { writeBeside } from "../disk/write-beside.js";

/**
 * Makes a package of a built network, for a machine with no compiler and no spec. A module of ours
 * that stands in the folder is replaced; files of other names stay.
 *
 * @throws InceptError `emit/not-empty` where a name of the package's is somebody else's,
 *   `emit/changed` where somebody changed a file of ours, or `file/cannot-write`
 */
export async function deliver(build: BuildResult, network: Network, out: string): Promise<void> {
  await inFolder(out, (folder) => {
    const files = contents(build, network);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const earlier = earlierIn(folder);
    for (const [name, content] of files) requireOurs(folder, name, earlier, content);
    exchange(folder, earlier, files);
  });
}

/**
 * The same refusals before there is a build, which takes its time.
 *
 * @throws InceptError `emit/not-empty`, `emit/changed`, or `file/cannot-write`
 */
export async function requireDeliverable(network: Network, out: string): Promise<void> {
  await inFolder(out, async (folder) => {
    await tryFolder(folder);
    const earlier = earlierIn(folder);
    const names = [manifestName, `${binaryName({ network })}.node`, ...packageFiles];
    for (const name of names) requireOurs(folder, name, earlier);
  });
}

/** A link to a folder stays, and may lead to one that is yet to be made. */
async function inFolder(
  out: string,
  action: (folder: string) => Promise<void> | void,
): Promise<void> {
  const named = resolve(out);
  const folder = await whileWriting(named, () => realPath(named));
  await whileWriting(folder, () => action(folder));
}

function contents(build: BuildResult, network: Network): ReadonlyMap<string, Buffer> {
  const texts = Object.entries(renderPackage(network, build.manifest, thisMachine()));
  return new Map([
    [build.manifest.binary, readFileSync(build.binary)],
    ...texts.map(([name, text]) => [name, Buffer.from(text)] as const),
    [manifestName, Buffer.from(manifestText(build.manifest))],
  ]);
}

/**
 * While files come and go the mark lists the old contents and the new: what a kill leaves is ours to
 * replace. Of an earlier module goes what this one has not, if it is as we wrote it.
 */
function exchange(folder: string, earlier: Earlier, files: ReadonlyMap<string, Buffer>): void {
  const hashes = new Map([...files].map(([name, content]) => [name, [digestOf(content).sha256]]));
  const write = (name: string, content: string | Buffer): void =>
    writeBeside(join(folder, name), content, 0o644);
  write(markName, markText(both(earlier.hashes, hashes)));
  for (const [name, content] of files) write(name, content);
  for (const name of earlier.written.keys()) {
    if (!files.has(name) && isOurs(folder, name, earlier)) rmSync(join(folder, name));
  }
  write(markName, markText(hashes));
}

function both(old: Hashes, fresh: Hashes): Hashes {
  const names = new Set([...old.keys(), ...fresh.keys()]);
  const all = (name: string): string[] => [...(old.get(name) ?? []), ...(fresh.get(name) ?? [])];
  return new Map([...names].map((name) => [name, [...new Set(all(name))]]));
}

function isOurs(folder: string, name: string, { written }: Earlier): boolean {
  try {
    const content = present(folder, name);
    return content !== undefined && written.get(name)?.(content) === true;
  } catch {
    // Something else took its name: it stays.
    return false;
  }
}
