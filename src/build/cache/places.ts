/** Where builds are kept: in `.incept/` beside the spec, and in a folder of the user's own. */
import { accessSync, constants, mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import envPaths from "env-paths";
import { shownPath } from "../../files/display.js";
import { distrust } from "../../files/trust.js";

const home = (): string => envPaths("inceptc", { suffix: "" }).cache;

export const userCache = (): string => join(home(), "builds");

/** Which builds beside specs this user made: see `record.ts`. */
export const recordFolder = (): string => join(home(), "made");

export const cacheBeside = (spec: string): string => join(dirname(resolve(spec)), ".incept");

/** Names below a root: a build, a build's lock, and what is not in its place yet or any more. */
export const lockOf = (root: string, key: string): string => join(root, `${key}.lock`);
export const passing = (place: string, random: string): string => `${place}.${random}.new`;

/** What a name below a root is, if it is ours. */
export function partOf(
  name: string,
): { readonly key: string; readonly kind: "build" | "lock" | "passing" } | undefined {
  const [, key, lock, aside] = /^([0-9a-f]{32})(\.lock)?(\.[0-9a-f]{8}\.new)?$/.exec(name) ?? [];
  if (key === undefined) return undefined;
  return { key, kind: aside !== undefined ? "passing" : lock !== undefined ? "lock" : "build" };
}

/** The names below a root; none where there is none. */
export function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}

/**
 * Why no build can be kept in a root, which is made where it is absent. A folder just made can be
 * somebody else's too: a network disk may give what root makes to nobody.
 */
export function unusable(root: string): string | undefined {
  try {
    const made = mkdirSync(root, { recursive: true, mode: 0o755 });
    accessSync(root, constants.W_OK);
    const why = distrust(root, statSync(root));
    if (why !== undefined && made !== undefined) rmdirSync(root);
    return why;
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return `${shownPath(root)} cannot be written (${code})`;
  }
}
