/**
 * Finds finished builds, one folder each, named by what they depend on, and puts new ones in their
 * place. A folder appears by one rename, and its done-marker is the last file written in it: what a
 * killed build leaves is never taken for one.
 */
import { randomBytes } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { displayPath, shownPath } from "../../files/display.js";
import { finish } from "./marker.js";
import { namesIn, partOf, passing, recordFolder, unusable, userCache } from "./places.js";
import { isMine, remember } from "./record.js";
import type { Trust } from "../request.js";
import { syncFolder } from "../disk/sync.js";
import { look, type Look, variantAt, type Whole } from "./verify.js";

/** Whether this user made a whole build. Into the user's cache nobody else can put one. */
const isOwn = (root: string, key: string, build: Whole): boolean =>
  root === userCache() || isMine(key, build.markerHash);

/** Whether a build may be run; one's own comes before others. */
function rank(root: string, key: string, seen: Look, trust: Trust): 0 | 1 | 2 {
  if (seen.state !== "whole") return 0;
  if (isOwn(root, key, seen)) return 2;
  return trust === "verified" ? 1 : 0;
}

interface Place {
  readonly root: string;
  readonly key: string;
}

function best(places: readonly Place[], trust: Trust): Whole | undefined {
  let found: Whole | undefined;
  for (const { root, key } of places) {
    const seen = look(root, key);
    const ranked = rank(root, key, seen, trust);
    if (seen.state !== "whole" || ranked === 0) continue;
    if (ranked === 2) return seen;
    found ??= seen;
  }
  return found;
}

/** The finished build of this key. */
export const findBuild = (roots: readonly string[], key: string, trust: Trust): Whole | undefined =>
  best(
    roots.map((root) => ({ root, key })),
    trust,
  );

/** A finished build of the variant by whatever tools: what a machine without a compiler can use. */
export const findVariant = (
  roots: readonly string[],
  variant: string,
  trust: Trust,
): Whole | undefined =>
  best(
    placesIn(roots).filter(({ root, key }) => variantAt(root, key) === variant),
    trust,
  );

const placesIn = (roots: readonly string[]): readonly Place[] =>
  roots.flatMap((root) =>
    namesIn(root)
      .filter((name) => partOf(name)?.kind === "build")
      .map((key) => ({ root, key })),
  );

/** Why a build that is there is not used, as a sentence without its full stop. */
export interface Refusal {
  readonly state: "torn" | "untrusted" | "foreign";
  readonly why: string;
}

/** What stands in the build's places and may not be run. */
export const refusals = (roots: readonly string[], key: string, trust: Trust): Refusal[] =>
  refused(
    roots.map((root) => ({ root, key })),
    trust,
  );

/** The same of a variant's builds by whatever tools; a marker that can't be read may be one's. */
export const variantRefusals = (
  roots: readonly string[],
  variant: string,
  trust: Trust,
): Refusal[] =>
  refused(
    placesIn(roots).filter(({ root, key }) => [variant, undefined].includes(variantAt(root, key))),
    trust,
  );

const refused = (places: readonly Place[], trust: Trust): Refusal[] =>
  places.flatMap(({ root, key }): Refusal[] => {
    const seen = look(root, key);
    if (seen.state === "absent" || rank(root, key, seen, trust) > 0) return [];
    if (seen.state !== "whole") return [{ state: seen.state, why: seen.why }];
    const name = shownPath(displayPath(seen.directory));
    return [{ state: "foreign", why: `${name} is not one of the builds that you made` }];
  });

/**
 * The first of the roots where a build of the key may be put, made if need be. What is whole there
 * but somebody else's is left alone where another root will do.
 *
 * @throws InceptError `cache/unwritable`
 */
export function rootFor(roots: readonly string[], key: string): string {
  const reasons = roots.map((root) => ({ root, why: unusable(root) }));
  const usable = reasons.filter(({ why }) => why === undefined).map(({ root }) => root);
  const free = usable.find((root) => ["absent", "torn"].includes(look(root, key).state));
  const chosen = free ?? usable[0];
  if (chosen !== undefined) return chosen;
  const why = reasons.map((each) => each.why).join(", and ");
  throw new InceptError("cache/unwritable", `No build can be kept: ${why}.`, {
    help: "make one of these folders yours alone to write, or set XDG_CACHE_HOME to one that is",
  });
}

/**
 * Finishes a build and moves it to its place. Where another process was faster, its result stands
 * and this one is dropped.
 */
export function publish(
  fresh: string,
  root: string,
  key: string,
  variant: string,
  trust: Trust,
): Whole {
  const standing = (): Whole | undefined => best([{ root, key }], trust);
  try {
    finish(fresh, variant);
    if (standing() === undefined) setAside(join(root, key));
    renameSync(fresh, join(root, key));
    syncFolder(root);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const theirs = standing();
    if (theirs === undefined) throw error;
    return theirs;
  }
  const seen = look(root, key);
  if (seen.state === "whole") {
    noteAsOwn(root, key, seen);
    return seen;
  }
  const why = seen.state === "absent" ? `${shownPath(join(root, key))} is gone` : seen.why;
  throw new InceptError("file/cannot-write", `A build does not stay as it was written: ${why}.`);
}

/** By one rename: whoever looks sees the old folder or the new one. */
function setAside(place: string): void {
  const aside = passing(place, randomBytes(4).toString("hex"));
  try {
    renameSync(place, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

function noteAsOwn(root: string, key: string, build: Whole): void {
  if (isOwn(root, key, build) || remember(key, build.markerHash)) return;
  const name = shownPath(displayPath(build.directory));
  process.emitWarning(
    `it cannot be noted in ${shownPath(recordFolder())} that you built ${name}, ` +
      "so the next verb compiles it again; set XDG_CACHE_HOME to a folder of yours",
    "InceptWarning",
  );
}
