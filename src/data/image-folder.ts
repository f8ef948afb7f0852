/** A folder that holds a folder of pictures for each class. */
import { type Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { suggest } from "../diagnostics/suggest.js";
import { visibleName } from "../diagnostics/visible.js";
import { shownPath } from "../files/display.js";
import { cannotRead } from "../files/failure.js";
import { filePath, Place } from "../runtime/check-options.js";
import type { Pictures } from "../runtime/train/pictures.js";
import { byCodePoint } from "./names-in.js";

/** Pictures of a folder. */
export interface PictureFolder extends Pictures {
  readonly labels: readonly string[];
  /** Files that are no pictures by their names, hidden ones left out. */
  readonly ignored: number;
}

/**
 * Pictures of which each lies in a folder of its class's name, or in a folder below it. Classes are
 * ordered by name, and so are the pictures of each, by code points. Names are read now, and pictures
 * when they are asked for: the folder may grow meanwhile, and one that is gone by then is a broken
 * picture. What is hidden is passed over, and files of other names than pictures have are counted.
 *
 * @throws InceptError `data/empty` for a class without pictures, `data/format` where there are no
 *   folders of classes; of `file/`
 */
export async function imageFolder(folder: string | URL): Promise<PictureFolder> {
  return openFolder(filePath(folder, new Place("imageFolder", "folder")));
}

/**
 * `imageFolder`, of which the classes may be those of another: a part of a data set need not have
 * pictures of each.
 *
 * @throws InceptError `data/classes` for a class that is none of those
 */
export async function openFolder(
  folder: string,
  labels?: readonly string[],
): Promise<PictureFolder> {
  const { folders, files } = await entriesOf(folder);
  if (folders.length === 0) throw noFolders(folder, files.length);
  const classes = labels ?? folders;
  const targets: number[] = [];
  const paths: string[] = [];
  let ignored = files.length;
  for (const name of folders) {
    const target = classes.indexOf(name);
    if (target === -1) throw stranger(join(folder, name), name, classes);
    const found = await picturesBelow(join(folder, name));
    if (found.paths.length === 0) throw noPictures(join(folder, name), found.ignored);
    ignored += found.ignored;
    for (const path of found.paths) {
      paths.push(path);
      targets.push(target);
    }
  }
  const classOf = Uint32Array.from(targets);
  return {
    ...{ size: paths.length, classes: classes.length, labels: classes, ignored },
    label: (index) => classOf[index]!,
    picture: (index) => paths[index]!,
    name: (index) => shownPath(paths[index]!),
  };
}

function noFolders(folder: string, files: number): InceptError {
  const holds = files === 0 ? "is empty" : `holds ${counted(files, "file")} and no folders`;
  return new InceptError(
    files === 0 ? "data/empty" : "data/format",
    `${shownPath(folder)} ${holds}, expected a folder of pictures for each class.`,
  );
}

function noPictures(folder: string, ignored: number): InceptError {
  const besides = ignored === 0 ? "" : `, and ${counted(ignored, "other file")}`;
  return new InceptError(
    "data/empty",
    `${shownPath(folder)} holds no picture${besides}: nothing says what its class looks like.`,
    { help: `put pictures into it, or remove the folder` },
  );
}

function stranger(folder: string, name: string, classes: readonly string[]): InceptError {
  const near = suggest(name, classes);
  const hint = near === undefined ? "" : `; did you mean ${visibleName(near)}?`;
  return new InceptError(
    "data/classes",
    `${shownPath(folder)}: there is no class ${visibleName(name)} among the ${classes.length} that are ` +
      `trained on${hint}`,
  );
}

/** Endings of pictures; of those that no decoder is there for, whoever reads one is told. */
const endings = new Set(
  "jpg jpeg jpe jfif png webp avif gif tif tiff bmp heic heif jp2 jxl ppm pgm pnm"
    .split(" ")
    .map((ending) => `.${ending}`),
);

interface Found {
  readonly paths: string[];
  ignored: number;
}

/** Folders that links lead to are walked too, each once: a link to one above would have no end. */
async function picturesBelow(
  folder: string,
  found: Found = { paths: [], ignored: 0 },
  seen: Set<string> = new Set(),
): Promise<Found> {
  const { dev, ino } = await stat(folder);
  if (seen.has(`${dev}:${ino}`)) return found;
  seen.add(`${dev}:${ino}`);
  const { folders, files } = await entriesOf(folder);
  for (const name of files) {
    if (endings.has(extname(name).toLowerCase())) found.paths.push(join(folder, name));
    else found.ignored++;
  }
  for (const name of folders) await picturesBelow(join(folder, name), found, seen);
  return found;
}

/** By code points; a link is what it leads to, or else a file that nobody can read. */
export async function entriesOf(
  folder: string,
): Promise<{ readonly folders: readonly string[]; readonly files: readonly string[] }> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw cannotRead({ path: folder, what: "pictures" }, cause);
  }
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const isFolder = entry.isSymbolicLink()
      ? await leadsToFolder(join(folder, entry.name))
      : entry.isDirectory();
    (isFolder ? folders : files).push(entry.name);
  }
  return { folders: folders.sort(byCodePoint), files: files.sort(byCodePoint) };
}

const leadsToFolder = (link: string): Promise<boolean> =>
  stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
