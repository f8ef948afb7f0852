import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** As many links one after another as Linux follows. */
const mostLinks = 40;

/**
 * Where a path leads once all links in it are followed, also where nothing is there: so far as
 * there are links, they are followed, and what is left of the path comes after.
 *
 * @throws Error of code ELOOP for links that lead in a circle
 */
export const realPath = (path: string): string => follow(resolve(path), mostLinks);

function follow(path: string, links: number): string {
  try {
    return realpathSync.native(path);
  } catch {
    // Absent, or not for us to see; only how far the links go can be told.
  }
  const above = dirname(path);
  if (above === path) return path;
  const folder = follow(above, links);
  const target = linkTarget(path);
  if (target === undefined) return join(folder, basename(path));
  if (links === 0) throw Object.assign(new Error(`${path} is a link too many`), { code: "ELOOP" });
  // Not normalised: `..` after a link to a folder means the folder's own parent.
  return follow(isAbsolute(target) ? target : `${folder}${sep}${target}`, links - 1);
}

/** What a link says; undefined for anything else. */
export function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder's, or of something below it. Both without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
