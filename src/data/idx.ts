/**
 * IDX, the format of MNIST and Fashion-MNIST (LeCun): two zero bytes, the type of the values, the
 * number of dimensions, each of these as 32 bits, the high byte first, and the values.
 */
import { basename, dirname, join } from "node:path";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { type Named, nameOf } from "../files/failure.js";
import { filePath, Place } from "../runtime/check-options.js";
import type { Pictures } from "../runtime/train/pictures.js";
import { binaryPictures } from "./binary-pictures.js";
import { gunzipped, isGzip } from "./gzip.js";
import { namesIn } from "./names-in.js";
import { MemoryRows, type RowLayout, RowFile, type Rows } from "./rows.js";

const unsignedBytes = 0x08;

/**
 * Grey pictures of an IDX file of three dimensions, with their classes in one of one dimension; either
 * may be compressed by gzip. A compressed file is held in memory, at most a gigabyte of it; of any
 * other, pictures are read when they are asked for.
 *
 * @param images such as `train-images-idx3-ubyte.gz`
 * @param labels default: the file beside that is named as the images with `labels-idx1` in place of
 *   `images-idx3`, compressed or not
 * @throws InceptError `data/format` for a file that is no such one, or where there is not a label for each
 *   picture; `data/empty`, or of `file/`
 */
export async function idx(images: string | URL, labels?: string | URL): Promise<Pictures> {
  const path = filePath(images, new Place("idx", "images"));
  const beside = labels === undefined ? await labelsBeside(path) : undefined;
  const labelPath = beside ?? filePath(labels, new Place("idx", "labels"));
  const pictures = await openIdx({ path, what: "an IDX file of pictures" }, 3);
  const classes = await openIdx({ path: labelPath, what: "an IDX file of labels" }, 1);
  const [count, height, width] = pictures.sides as [number, number, number];
  if (classes.sides[0] !== count) {
    throw new InceptError(
      "data/format",
      `${pictures.rows.name} holds ${counted(count, "picture")} and ${classes.rows.name} ` +
        `${counted(classes.sides[0]!, "label")}: they are not of the same data.`,
    );
  }
  const targets = new Uint8Array(count);
  await classes.rows.each((row, i) => (targets[i] = row[0]!));
  return binaryPictures([pictures.rows], targets, {
    classes: targets.reduce((most, label) => Math.max(most, label), 0) + 1,
    pixels: (data) => ({ data, width, height, channels: 1 }),
  });
}

const imagesName = /images([-.]idx)3/;

/** Whether a file is named as the pictures of a data set are. */
export const isImagesName = (name: string): boolean => imagesName.test(name);

async function labelsBeside(path: string): Promise<string> {
  const name = basename(path);
  const own = name.replace(imagesName, "labels$11");
  const bare = own.replace(/\.gz$/, "");
  if (own === name) {
    throw new InceptError("data/format", `${shownPath(path)} does not tell where its labels are.`, {
      help: "name the file of labels too: idx(images, labels)",
    });
  }
  const names = await namesIn(dirname(path));
  const found = [own, bare, `${bare}.gz`].find((one) => names.includes(one));
  return join(dirname(path), found ?? own);
}

async function openIdx(
  file: Named,
  dimensions: 1 | 3,
): Promise<{ readonly rows: Rows; readonly sides: readonly number[] }> {
  let sides: readonly number[] = [];
  const layoutOf = (size: number, head: Buffer): RowLayout => {
    sides = sidesOf(file, head, dimensions);
    return layout(file, size, sides);
  };
  const rows = (await isGzip(file))
    ? MemoryRows.of(file, await gunzipped(file), layoutOf)
    : await RowFile.open(file, layoutOf);
  return { rows, sides };
}

function sidesOf(file: Named, head: Buffer, dimensions: 1 | 3): readonly number[] {
  if (head.length === 0) throw new InceptError("data/empty", `${nameOf(file)} is empty.`);
  const has = head.length >= 4 && head[0] === 0 && head[1] === 0;
  if (!has || head.length < 4 + 4 * head[3]!) {
    throw wrong(file, "is no IDX file: it does not begin as one");
  }
  const [type, found] = [head[2]!, head[3]!];
  const expected =
    dimensions === 3 ? "pictures have 3 and are bytes" : "labels have 1 and are bytes";
  if (found !== dimensions || type !== unsignedBytes) {
    const values = type === unsignedBytes ? "bytes" : `values of type 0x${type.toString(16)}`;
    throw wrong(file, `holds ${values} of ${counted(found, "dimension")}; ${expected}`);
  }
  return Array.from({ length: found }, (_, i) => head.readUInt32BE(4 + 4 * i));
}

function layout(file: Named, size: number, sides: readonly number[]): RowLayout {
  const [count, ...own] = sides as [number, ...number[]];
  if (sides.includes(0)) throw new InceptError("data/empty", `${nameOf(file)} holds no values.`);
  const offset = 4 + 4 * sides.length;
  const rowBytes = own.reduce((product, one) => product * one, 1);
  const bytes = offset + count * rowBytes;
  if (size === bytes) return { offset, rowBytes, count };
  throw wrong(
    file,
    `holds ${counted(size, "byte")}, and ${sides.join(" x ")} values take ${counted(bytes, "byte")}`,
  );
}

const wrong = (file: Named, is: string): InceptError =>
  new InceptError("data/format", `${nameOf(file)} ${is}.`);
