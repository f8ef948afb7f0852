/**
 * The mark of a folder that sources were emitted to: a file at its top that lists what was written,
 * each with its SHA-256. Only what such a list holds, and nobody changed since, is ever removed.
 */
import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleJson, visibleName } from "../../diagnostics/visible.js";
import { version } from "../../emit/package.js";
import { digestOf, sha256 } from "../../files/digest.js";
import { shownPath } from "../../files/display.js";
import { dictionary, parseJson, record, text } from "../../files/json.js";
import { readRegularSync } from "../../files/read.js";

export const markName = ".inceptc.json";

/** Where CMake and node-gyp build: in a marked folder it may stay. */
const built = "build";

/** Where a new project waits inside the folder of an earlier one; a kill may leave it there. */
export const waitingName = (random: string): string => `.inceptc-${random}.new`;
const waiting = /^\.inceptc-[0-9a-f]{8}\.new$/;

/** The files of a project with, first, the mark that lists them. */
export function marked(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const hashes = [...files].map(([name, content]) => [name, digestOf(content).sha256] as const);
  const content = { inceptc: version, files: Object.fromEntries(hashes) };
  return new Map([[markName, `${visibleJson(content, 2)}\n`], ...files]);
}

/**
 * What a new project may replace in a folder: the names at its top that are ours, the mark itself
 * left out. Undefined where there is no folder.
 *
 * @throws InceptError `emit/not-empty` or `emit/changed`, which name what is not ours
 */
export function replaceable(directory: string): readonly string[] | undefined {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isDirectory()) throw notEmpty(`${shownPath(directory)} is not a folder.`);
  const known = readMark(directory);
  const others = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => !isKept(entry, known),
  );
  const strange: string[] = [];
  const changed: string[] = [];
  for (const [path, whole] of strangers(directory, others, known ?? new Map())) {
    (whole ? strange : changed).push(path);
  }
  if (strange.length > 0) {
    throw notEmpty(`${shownPath(directory)} holds what inceptc did not write: ${some(strange)}.`);
  }
  if (changed.length === 0) return others.map(({ name }) => name);
  throw new InceptError(
    "emit/changed",
    `${shownPath(directory)} holds files that were changed since inceptc wrote them: ${some(changed)}.`,
    { help: "move them away, or name a new or empty folder" },
  );
}

const notEmpty = (message: string): InceptError =>
  new InceptError("emit/not-empty", message, { help: "name a new or empty folder" });

/** The marked files by path below the folder, with `/`. */
type Known = ReadonlyMap<string, string>;

const mark = record<{ readonly files: Known }>({ files: dictionary(text(1000), sha256, 10_000) });

function readMark(directory: string): Known | undefined {
  const path = join(directory, markName);
  try {
    // A link leads to the mark of another folder.
    if (!lstatSync(path).isFile()) return undefined;
    const content = readRegularSync({ path, what: "a mark", maxBytes: 1 << 22 });
    return parseJson(content.toString("utf8"), mark).files;
  } catch {
    return undefined;
  }
}

const isKept = (entry: Dirent, known: Known | undefined): boolean =>
  known !== undefined && (entry.name === markName || (entry.name === built && entry.isDirectory()));

/** What is not as the mark says: `true` where it says nothing of it, `false` where it changed. */
function* strangers(
  directory: string,
  entries: readonly Dirent[],
  known: Known,
  prefix = "",
): Generator<readonly [path: string, strange: boolean]> {
  for (const entry of entries) {
    const path = `${prefix}${entry.name}`;
    const place = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (prefix === "" && waiting.test(entry.name)) continue;
      const below = [...known.keys()].some((name) => name.startsWith(`${path}/`));
      if (!below) yield [`${path}/`, true];
      else {
        const inside = readdirSync(place, { withFileTypes: true });
        yield* strangers(place, inside, known, `${path}/`);
      }
    } else if (!entry.isFile() || !known.has(path)) yield [path, true];
    else if (digestOf(readFileSync(place)).sha256 !== known.get(path)) yield [path, false];
  }
}

/** The first few of them. */
function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map(visibleName).join(", ");
  return paths.length <= 3 ? shown : `${shown} and ${paths.length - 3} more`;
}
