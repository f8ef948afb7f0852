/**
 * The one look at a build that decides whether it is one: who could have written it, and whether
 * marker, manifest and binary are as they were when it was finished.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Manifest } from "../../emit/manifest.js";
import { maxBinaryBytes, maxManifestBytes, parseManifest } from "../../emit/parse-manifest.js";
import { difference, type Digest, digestOf } from "../../files/digest.js";
import { displayPath, shownPath } from "../../files/display.js";
import { parseJson, WrongJson } from "../../files/json.js";
import { distrust } from "../../files/trust.js";
import { manifestName, type Marker, marker, markerName } from "./marker.js";

const maxMarkerBytes = 1 << 16;

/** A build that is as it was finished, in folders that only root and this user can write. */
export interface Whole {
  readonly state: "whole";
  readonly directory: string;
  readonly variant: string;
  readonly manifest: Manifest;
  /** The SHA-256 of its marker, and so of all of it. */
  readonly markerHash: string;
}

/** What stands in a build's place and is none. */
export interface Refused {
  readonly state: "torn" | "untrusted";
  readonly directory: string;
  /** A sentence without its full stop. */
  readonly why: string;
  /** What it is a build of, where its marker can be read. */
  readonly variant?: string;
}

export type Look = Whole | Refused | { readonly state: "absent" };

/** @param root the folder that holds the build's */
export function look(root: string, key: string): Look {
  const directory = join(root, key);
  let said: Marker | undefined;
  try {
    const stat = existing(directory);
    if (stat === undefined) return { state: "absent" };
    requireTrust(root, statSync(root));
    if (!stat.isDirectory()) throw new Fault("torn", `${shown(directory)} is no folder`);
    requireTrust(directory, stat);
    const bytes = read(directory, markerName, maxMarkerBytes);
    said = parseMarker(join(directory, markerName), bytes);
    const text = read(directory, manifestName, maxManifestBytes, said.manifest);
    const manifest = parseManifest(join(directory, manifestName), text.toString("utf8"));
    read(directory, manifest.binary, maxBinaryBytes, said.binary);
    const { sha256: markerHash } = digestOf(bytes);
    return { state: "whole", directory, variant: said.variant, manifest, markerHash };
  } catch (error) {
    const { state, why } = faultOf(error);
    const variant = said === undefined ? {} : { variant: said.variant };
    return { state, directory, why, ...variant };
  }
}

/** What the build's marker says of it, as a hint: nothing else is looked at. */
export function variantAt(root: string, key: string): string | undefined {
  const file = join(root, key, markerName);
  try {
    return parseMarker(file, read(join(root, key), markerName, maxMarkerBytes)).variant;
  } catch {
    return undefined;
  }
}

function existing(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A file stands where one of the folders above would be.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

class Fault extends Error {
  constructor(
    readonly state: Refused["state"],
    readonly why: string,
  ) {
    super(why);
  }
}

function faultOf(error: unknown): Pick<Refused, "state" | "why"> {
  if (error instanceof Fault) return error;
  if (error instanceof InceptError) {
    return { state: "torn", why: error.message.replace(/\.$/, "") };
  }
  const { code, path = "it", message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const why = code === "ENOENT" ? "is missing" : `cannot be read (${code})`;
  return { state: "torn", why: path === "it" ? message : `${shown(path)} ${why}` };
}

const shown = (path: string): string => shownPath(displayPath(path));

function requireTrust(path: string, stat: Stats): void {
  const why = distrust(path, stat);
  if (why !== undefined) throw new Fault("untrusted", why);
}

/** What is asked for owner and mode is the very file that is read; no link is followed. */
function read(folder: string, name: string, maxBytes: number, expected?: Digest): Buffer {
  const path = join(folder, name);
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    requireTrust(path, stat);
    if (!stat.isFile() || stat.size > maxBytes) {
      throw new Fault("torn", `${shown(path)} is not the file that was built`);
    }
    const content = readFileSync(descriptor);
    const wrong = expected === undefined ? undefined : difference(content, expected);
    if (wrong === undefined) return content;
    throw new Fault("torn", `${shown(path)} ${wrong}`);
  } finally {
    closeSync(descriptor);
  }
}

function parseMarker(file: string, bytes: Buffer): Marker {
  try {
    return parseJson(bytes.toString("utf8"), marker);
  } catch (error) {
    if (!(error instanceof WrongJson)) throw error;
    throw new Fault("torn", `${shown(file)} ${error.message}`);
  }
}
