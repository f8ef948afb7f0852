/**
 * What stands in a folder that a module is delivered to. A mark in it lists what inceptc wrote there,
 * with the hashes of what each file may hold; without one, the manifest tells of what an early version
 * delivered: itself and the binary.
 */
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleJson } from "../../diagnostics/visible.js";
import { version } from "../../emit/package.js";
import { maxBinaryBytes, maxManifestBytes, parseManifest } from "../../emit/parse-manifest.js";
import { difference, digestOf, sha256 } from "../../files/digest.js";
import { shownPath } from "../../files/display.js";
import { dictionary, list, parseJson, record, text } from "../../files/json.js";
import { readRegularSync } from "../../files/read.js";
import { markName } from "./mark.js";
import { manifestName } from "../cache/marker.js";

/** By name in the folder, whether a content is one that inceptc wrote there. */
export type Written = ReadonlyMap<string, (content: Buffer) => boolean>;

/** By name in the folder, the hashes that a file of ours may have. */
export type Hashes = ReadonlyMap<string, readonly string[]>;

/** What inceptc wrote to the folder, and nobody need have left as it was. */
export interface Earlier {
  readonly written: Written;
  /** Empty where a folder has no mark. */
  readonly hashes: Hashes;
}

/** A mark may be somebody's trap: what it names is in its folder. */
const fileName = text(200, { pattern: /^(?!\.)[\w.-]+$/, expected: "a name of a file" });

const mark = record<{ readonly module: Hashes }>({
  module: dictionary(fileName, list(sha256, 100), 100),
});

/** The text of the mark. */
export const markText = (hashes: Hashes): string =>
  `${visibleJson({ inceptc: version, module: Object.fromEntries(hashes) }, 2)}\n`;

/** @throws InceptError `emit/not-empty` where the mark or the manifest is none of a module's */
export function earlierIn(folder: string): Earlier {
  const hashes = marked(folder);
  if (hashes === undefined) return { written: unmarked(folder), hashes: new Map() };
  const written = [...hashes].map(
    ([name, known]) =>
      [name, (content: Buffer) => known.includes(digestOf(content).sha256)] as const,
  );
  return { written: new Map(written), hashes };
}

function marked(folder: string): Hashes | undefined {
  const content = present(folder, markName, 1 << 22);
  if (content === undefined) return undefined;
  try {
    return parseJson(content.toString("utf8"), mark).module;
  } catch {
    throw new InceptError(
      "emit/not-empty",
      `${shownPath(join(folder, markName))} is not the mark of a module.`,
      { help: "name another folder: this one holds a C++ project, or a damaged mark" },
    );
  }
}

function unmarked(folder: string): Written {
  const content = present(folder, manifestName, maxManifestBytes)?.toString("utf8");
  if (content === undefined) return new Map();
  try {
    const { binary, binaryDigest: digest } = parseManifest(manifestName, content);
    const isWhole = (found: Buffer): boolean =>
      digest !== undefined && difference(found, digest) === undefined;
    return new Map([
      [manifestName, () => true],
      [binary, isWhole],
    ]);
  } catch {
    throw notOurs(folder, manifestName);
  }
}

/**
 * @param wanted what is to stand there: the very bytes may, whoever wrote them
 * @throws InceptError `emit/not-empty` or `emit/changed` where something else than ours stands there
 */
export function requireOurs(
  folder: string,
  name: string,
  { written, hashes }: Earlier,
  wanted?: Buffer,
): void {
  const content = present(folder, name);
  if (content === undefined || wanted?.equals(content) || written.get(name)?.(content)) return;
  if (!hashes.has(name)) throw notOurs(folder, name);
  throw new InceptError(
    "emit/changed",
    `${shownPath(join(folder, name))} was changed since inceptc wrote it.`,
    { help: "move it away, or name another folder" },
  );
}

/**
 * What the file holds, if it is there; anything but a file is somebody else's. So is what a link leads
 * to: a mark that came with a repository may list the hashes of files that stand elsewhere.
 */
export function present(
  folder: string,
  name: string,
  maxBytes = maxBinaryBytes,
): Buffer | undefined {
  const path = join(folder, name);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile()) throw notOurs(folder, name);
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
