import { readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";

/** As many as the systems follow. */
const longest = 40;

/**
 * Where the links that a path ends in lead, whether something is there or not: what is written
 * there leaves the links as they are.
 *
 * @throws Error as the system gives it: `ELOOP` where they lead in a circle
 */
export function throughLinks(path: string): string {
  let place = path;
  for (let followed = 0; followed < longest; followed++) {
    const target = targetOf(place);
    if (target === undefined) return place;
    // Not normalised: `..` after a link to a folder means the folder's own parent.
    place = isAbsolute(target) ? target : `${realpathSync(dirname(place))}/${target}`;
  }
  return realpathSync(place);
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
