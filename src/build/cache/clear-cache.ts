/** Lists what has been built, and clears it. */
import { lstatSync, readdirSync, rmSync, type Stats } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isHeld } from "./lock.js";
import { lockOf, namesIn, partOf, userCache } from "./places.js";
import { forget } from "./record.js";
import { look } from "./verify.js";
import { isAtWork, isWorkshop } from "./workshop.js";

/** A build, or what is left of one. */
export interface CacheEntry {
  readonly directory: string;
  readonly bytes: number;
  readonly model?: string;
  readonly target?: string;
  /** Why it is never run: damaged, or others could have written it. */
  readonly fault?: string;
}

const rootsOf = (directory: string): readonly string[] => [
  join(resolve(directory), ".incept"),
  userCache(),
];

/** The builds beside the specs of a folder, and those in the user's cache. */
export const cacheEntries = (directory = "."): CacheEntry[] =>
  rootsOf(directory).flatMap((root) =>
    namesIn(root)
      .filter((name) => partOf(name)?.kind === "build")
      .map((key) => entryOf(root, key)),
  );

function entryOf(root: string, key: string): CacheEntry {
  const directory = join(root, key);
  const bytes = sizeOf(directory);
  const seen = look(root, key);
  if (seen.state === "absent") return { directory, bytes, fault: "it is gone" };
  if (seen.state !== "whole") return { directory, bytes, fault: seen.why };
  const { model, target, level } = seen.manifest;
  return { directory, bytes, model, target: `${target} ${level}` };
}

export interface Cleared {
  readonly entries: readonly CacheEntry[];
  /** How many locks and folders of builds that are gone. */
  readonly leftovers: number;
  /** What could not be removed, and why. */
  readonly failed: readonly string[];
  /** Folders that are links: what they lead to is not of this cache. */
  readonly links: readonly string[];
}

/**
 * Removes the builds, and what killed builds left beside them and in the temporary folder. What they
 * hold is not read, so that no damage is in the way, and no link is followed. Names that are not
 * ours stay, and so does what belongs to a build under way.
 */
export function clearCache(directory = "."): Cleared {
  const entries: CacheEntry[] = [];
  const links: string[] = [];
  const failed: string[] = [];
  let leftovers = 0;
  const remove = (path: string): boolean => {
    try {
      rmSync(path, { recursive: true, force: true });
      return true;
    } catch (error) {
      failed.push(`${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
      return false;
    }
  };
  for (const root of rootsOf(directory)) {
    if (statOf(root)?.isSymbolicLink() === true) {
      links.push(root);
      continue;
    }
    for (const name of namesIn(root)) {
      const part = partOf(name);
      const path = join(root, name);
      if (part === undefined) continue;
      if (part.kind === "build") {
        const entry = { directory: path, bytes: sizeOf(path) };
        if (!remove(path)) continue;
        forget(part.key);
        entries.push(entry);
      } else if (!isHeld(lockOf(root, part.key)) && remove(path)) leftovers++;
    }
  }
  for (const workshop of abandoned()) if (remove(workshop)) leftovers++;
  return { entries, leftovers, failed, links };
}

/** Folders in which this user's builds that are gone were compiled; a failed one's log with them. */
const abandoned = (folder = tmpdir()): readonly string[] =>
  namesIn(folder)
    .filter(isWorkshop)
    .map((name) => join(folder, name))
    .filter((path) => {
      const stat = statOf(path);
      return stat?.isDirectory() === true && isOurs(stat) && !isAtWork(path);
    });

const isOurs = ({ uid }: Stats): boolean => uid === (process.geteuid?.() ?? uid);

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Bytes of all files below; of what can't be looked at, none. */
function sizeOf(path: string): number {
  const stat = statOf(path);
  if (stat?.isDirectory() !== true) return stat?.size ?? 0;
  try {
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0;
  }
}
