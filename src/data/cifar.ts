/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky 2009) in their binary version: rows of one label byte, or of a
 * coarse and a fine one, and of 32 x 32 pixels in planes of red, green and blue.
 */
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Named } from "../files/failure.js";
import { checkOptions, filePath, oneOf, Place } from "../runtime/check-options.js";
import type { RawPixels } from "../runtime/image/pixels.js";
import type { Pictures } from "../runtime/train/pictures.js";
import { binaryPictures } from "./binary-pictures.js";
import { labelNames } from "./label-names.js";
import { type RowLayout, RowFile } from "./rows.js";

const side = 32;
const plane = side * side;
const pixelBytes = 3 * plane;

/** Where a row has its label, of how many there are, and what their names lie in beside the file. */
interface Format {
  readonly name: string;
  readonly labelBytes: number;
  readonly labelAt: number;
  readonly classes: number;
  readonly namesFile: string;
}

const ten: Format = {
  name: "CIFAR-10",
  labelBytes: 1,
  labelAt: 0,
  classes: 10,
  namesFile: "batches.meta.txt",
};
const fine: Format = {
  name: "CIFAR-100",
  labelBytes: 2,
  labelAt: 1,
  classes: 100,
  namesFile: "fine_label_names.txt",
};
const coarse: Format = {
  ...fine,
  labelAt: 0,
  classes: 20,
  namesFile: "coarse_label_names.txt",
};

/** Bytes of a row. */
export const cifarRowBytes = { cifar10: 1 + pixelBytes, cifar100: 2 + pixelBytes } as const;

/** Which of the labels of CIFAR-100. */
export interface Cifar100Options {
  /** 100 classes, or the 20 that they belong to. Default: `fine`. */
  readonly labels?: "fine" | "coarse";
}

/**
 * Pictures of files such as `data_batch_1.bin`, in the order of the files. Rows are read when they are
 * asked for; only the labels are held. Classes have the names of `batches.meta.txt` beside the first.
 *
 * @throws InceptError `data/format` for a file that does not hold such rows, `data/empty`, or of `file/`
 */
export const cifar10 = (files: string | URL | readonly (string | URL)[]): Promise<Pictures> =>
  cifar("cifar10", files, ten);

/**
 * Pictures of `train.bin` or `test.bin`, as `cifar10`; classes have the names of
 * `fine_label_names.txt` or `coarse_label_names.txt`.
 */
export async function cifar100(
  files: string | URL | readonly (string | URL)[],
  options?: Cifar100Options,
): Promise<Pictures> {
  const readers = { labels: oneOf(["fine", "coarse"]) };
  const { labels } = checkOptions<Cifar100Options>("cifar100", options, readers);
  return cifar("cifar100", files, labels === "coarse" ? coarse : fine);
}

async function cifar(call: string, given: unknown, format: Format): Promise<Pictures> {
  const place = new Place(call, "files");
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw place.wrongType(given, "a path, or a list of them");
  const paths = list.map((each, i) => filePath(each, Array.isArray(given) ? place.part(i) : place));
  const opened = [];
  for (const path of paths)
    opened.push(await openFile({ path, what: `rows of ${format.name}` }, format));
  const targets = Buffer.concat(opened.map((file) => file.targets));
  const labels = await labelNames(paths[0]!, format);
  return binaryPictures(
    opened.map(({ rows }) => rows),
    targets,
    {
      classes: format.classes,
      ...(labels === undefined ? {} : { labels }),
      pixels: (row) => pixelsOf(row.subarray(format.labelBytes)),
    },
  );
}

async function openFile(
  file: Named,
  format: Format,
): Promise<{ readonly rows: RowFile; readonly targets: Uint8Array }> {
  const rows = await RowFile.open(file, (size) => layoutOf(file, size, format));
  const targets = new Uint8Array(rows.count);
  await rows.each((row, i) => {
    const label = row[format.labelAt]!;
    if (label >= format.classes) {
      const is = `${rows.name}[${i}] has the label ${label}`;
      throw new InceptError(
        "data/format",
        `${is}, expected one of 0 to ${format.classes - 1}: the file holds no rows of ${format.name}.`,
      );
    }
    targets[i] = label;
  });
  return { rows, targets };
}

function layoutOf(file: Named, size: number, { name, labelBytes }: Format): RowLayout {
  const rowBytes = labelBytes + pixelBytes;
  if (size === 0) throw new InceptError("data/empty", `${file.path} is empty.`);
  if (size % rowBytes === 0) return { offset: 0, rowBytes, count: size / rowBytes };
  const labels = labelBytes === 1 ? "a label" : "two labels";
  throw new InceptError(
    "data/format",
    `${file.path} holds ${counted(size, "byte")}, expected rows of ${counted(rowBytes, "byte")}: ${labels} and ` +
      `3 x ${side} x ${side} bytes, as ${name}'s binary version has them.`,
  );
}

/** From planes to pixels. */
function pixelsOf(planes: Uint8Array): RawPixels {
  const data = new Uint8Array(pixelBytes);
  for (let i = 0, at = 0; i < plane; i++) {
    data[at++] = planes[i]!;
    data[at++] = planes[plane + i]!;
    data[at++] = planes[2 * plane + i]!;
  }
  return { data, width: side, height: side, channels: 3 };
}
