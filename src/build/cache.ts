/**
 * Builds, one folder each, named by what they depend on: in `.incept/` beside the spec, or in the
 * user's cache where that can't be written. A folder appears by one rename, and its done-marker is
 * the last file written in it: what a killed build leaves is never taken for one.
 */
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import envPaths from "env-paths";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Manifest } from "../emit/manifest.js";

const marker = "done.json";

interface Marker {
  readonly variant: string;
}

/** A finished build. */
export interface CacheEntry {
  readonly directory: string;
  readonly model: string;
  readonly target: string;
  readonly bytes: number;
}

export const userCache = (): string => join(envPaths("inceptc", { suffix: "" }).cache, "builds");

export const cacheBeside = (spec: string): string => join(dirname(resolve(spec)), ".incept");

/** Where a finished build of this key is, if anywhere. */
export function findBuild(roots: readonly string[], key: string): string | undefined {
  return roots.map((root) => join(root, key)).find((folder) => readMarker(folder) !== undefined);
}

/** A finished build of the variant by whatever tools: what a machine without a compiler can use. */
export function findVariant(roots: readonly string[], variant: string): string | undefined {
  return roots
    .flatMap((root) => list(root).map((name) => join(root, name)))
    .find((folder) => readMarker(folder)?.variant === variant);
}

/**
 * The first of the folders that can be written, made if need be.
 *
 * @throws InceptError `cache/unwritable`
 */
export function writableRoot(roots: readonly string[]): string {
  for (const root of roots) {
    try {
      mkdirSync(root, { recursive: true });
      accessSync(root, constants.W_OK);
      return root;
    } catch {
      // Read-only: the next one.
    }
  }
  throw new InceptError("cache/unwritable", `No build can be kept: ${roots.join(", ")}.`, {
    help: "make one of these folders writable, or set XDG_CACHE_HOME to one that is",
  });
}

/**
 * Moves a whole folder to its place. Where another process was faster, its result stands and this
 * one is dropped.
 */
export function publish(fresh: string, root: string, key: string, variant: string): string {
  const place = join(root, key);
  writeFileSync(join(fresh, marker), `${JSON.stringify({ variant } satisfies Marker)}\n`);
  if (readMarker(place) === undefined) rmSync(place, { recursive: true, force: true });
  try {
    renameSync(fresh, place);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (readMarker(place) === undefined) throw error;
  }
  return place;
}

/** The finished builds beside the specs of a folder, and those in the user's cache. */
export function cacheEntries(directory = "."): CacheEntry[] {
  const roots = [join(resolve(directory), ".incept"), userCache()];
  return roots
    .flatMap((root) => list(root).map((name) => join(root, name)))
    .filter((folder) => readMarker(folder) !== undefined)
    .map(entryOf);
}

/** Removes builds, and what killed builds left beside them. */
export function clearCache(entries: readonly CacheEntry[]): void {
  for (const { directory } of entries) rmSync(directory, { recursive: true, force: true });
  for (const root of new Set(entries.map(({ directory }) => dirname(directory)))) {
    for (const name of list(root).filter((n) => n.endsWith(".new"))) {
      rmSync(join(root, name), { recursive: true, force: true });
    }
  }
}

function entryOf(directory: string): CacheEntry {
  const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as Manifest;
  const { model, target, level } = manifest;
  return { directory, model, target: `${target} ${level}`, bytes: sizeOf(directory) };
}

const sizeOf = (directory: string): number =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

function readMarker(folder: string): Marker | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, marker), "utf8")) as Marker;
  } catch {
    return undefined;
  }
}

function list(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}
