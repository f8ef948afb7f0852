import { lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { type Manifest, manifestText } from "../emit/manifest.js";
import { maxBinaryBytes, maxManifestBytes, parseManifest } from "../emit/parse-manifest.js";
import { difference } from "../files/digest.js";
import { shownPath } from "../files/display.js";
import { readRegularSync } from "../files/read.js";
import { realPath } from "../files/real-path.js";
import { whileWriting } from "./files.js";
import type { BuildResult } from "./request.js";
import { writeBeside } from "./write-beside.js";

/**
 * Copies the two files that `loadArtefact` reads, for a machine with no compiler and no spec. An
 * artefact of ours that stands there is replaced; files of other names stay.
 *
 * @throws InceptError `emit/not-empty` where one of the two names is somebody else's, or
 *   `file/cannot-write`
 */
export async function deliver(build: BuildResult, out: string): Promise<void> {
  const named = resolve(out);
  const folder = await whileWriting(named, () => realPath(named));
  await whileWriting(folder, () => {
    const { binary } = build.manifest;
    const content = readFileSync(build.binary);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const before = earlier(folder);
    const standing = present(folder, binary);
    // The very bytes may stand there where a copy before this one was cut short.
    if (standing !== undefined && !standing.equals(content) && !holds(before, binary, standing)) {
      throw notOurs(folder, binary);
    }
    writeBeside(join(folder, binary), content, 0o644);
    writeBeside(join(folder, manifestName), manifestText(build.manifest), 0o644);
    if (before !== undefined && before.binary !== binary) removeBinary(folder, before);
  });
}

const manifestName = "manifest.json";

/** The manifest of the artefact that stands in the folder. */
function earlier(folder: string): Manifest | undefined {
  const text = present(folder, manifestName, maxManifestBytes)?.toString("utf8");
  try {
    return text === undefined ? undefined : parseManifest(manifestName, text);
  } catch {
    throw notOurs(folder, manifestName);
  }
}

/** Whether the content is the binary of the manifest, as it was built. */
const holds = (
  manifest: Manifest | undefined,
  name: string,
  content: Uint8Array | undefined,
): boolean =>
  content !== undefined &&
  manifest?.binary === name &&
  manifest.binaryDigest !== undefined &&
  difference(content, manifest.binaryDigest) === undefined;

function removeBinary(folder: string, manifest: Manifest): void {
  const path = join(folder, manifest.binary);
  try {
    if (holds(manifest, manifest.binary, present(folder, manifest.binary))) rmSync(path);
  } catch {
    // Something else took its name: it stays.
  }
}

/** What the file holds, if it is there; anything but a file is somebody else's. */
function present(folder: string, name: string, maxBytes = maxBinaryBytes): Buffer | undefined {
  const path = join(folder, name);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readRegularSync({ path, what: "a built network", maxBytes });
  } catch {
    throw notOurs(folder, name);
  }
}

const notOurs = (folder: string, name: string): InceptError =>
  new InceptError("emit/not-empty", `${shownPath(join(folder, name))} is not of inceptc.`, {
    help: "name another folder, or move that file away",
  });
