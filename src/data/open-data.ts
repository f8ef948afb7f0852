/** Pictures to train on, by what lies at a path. */
import { stat } from "node:fs/promises";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { cannotRead, requireRegular } from "../files/failure.js";
import { checkOptions, filePath, Place } from "../runtime/check-options.js";
import type { FoundData } from "./found-data.js";
import { entriesOf } from "./image-folder.js";
import { cifarFile, cifarFolder } from "./recognise-cifar.js";
import { pictureFolder } from "./recognise-folder.js";
import { idxFile, idxFolder } from "./recognise-idx.js";
import { type SplitOptions, splitBy, splitReaders } from "./split.js";

export type OpenDataOptions = SplitOptions;

/** `validation` is absent where the data set none aside, and none was to be held back. */
export type OpenedData = FoundData;

/** Each looks whether what lies there is its own; undefined where it is not. */
type Recognise = (path: string) => Promise<FoundData | undefined>;

const ofFolder: readonly Recognise[] = [cifarFolder, idxFolder, pictureFolder];
const ofFile: readonly Recognise[] = [idxFile, cifarFile];

/**
 * The pictures at a path, whatever they are: a folder of pictures by class, or of `train` and `val`,
 * `validation` or `test` with such folders; a folder of CIFAR-10, CIFAR-100 (their binary version),
 * MNIST or what has its form; or one file of those. Where the data set none aside themselves, a share
 * is held back as `validation`, as `split` does.
 *
 * @param options `validation` is the share, of data that have no validation of their own
 * @throws InceptError `data/format` for what is none of them, which says what was found; `data/empty`,
 *   `data/classes`, or of `file/`
 */
export async function openData(path: string | URL, options?: OpenDataOptions): Promise<OpenedData> {
  const asked = checkOptions<OpenDataOptions>("openData", options, splitReaders);
  const file = filePath(path, new Place("openData", "path"));
  const isFolder = await isDirectory(file);
  for (const open of isFolder ? ofFolder : ofFile) {
    const found = await open(file);
    if (found !== undefined) return held(found, asked);
  }
  throw isFolder ? await unknownFolder(file) : unknownFile(file, (await stat(file)).size);
}

async function isDirectory(path: string): Promise<boolean> {
  const file = { path, what: "pictures" };
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) requireRegular(file, stats);
    return stats.isDirectory();
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

function held(found: FoundData, asked: SplitOptions): OpenedData {
  if (found.validation !== undefined) return found;
  const { train, validation } = splitBy(found.train, asked);
  return { ...found, train, ...(validation.size === 0 ? {} : { validation }) };
}

const folders =
  "give a folder that holds a folder of pictures for each class, or train and val with such " +
  "folders; data_batch_1.bin and others (CIFAR-10); train.bin (CIFAR-100); or " +
  "train-images-idx3-ubyte and its labels (MNIST)";

async function unknownFolder(folder: string): Promise<InceptError> {
  const { files } = await entriesOf(folder);
  const name = shownPath(folder);
  if (files.length === 0)
    return new InceptError("data/empty", `${name} is empty.`, { help: folders });
  const some = files.slice(0, 3).map(shownPath).join(", ");
  const others = files.length > 3 ? ", …" : "";
  const holds = `${name} holds ${counted(files.length, "file")} (${some}${others})`;
  const isPython = files.includes("data_batch_1") || files.includes("train");
  return new InceptError("data/format", `${holds}, which are no data that are known.`, {
    help: isPython
      ? "if this is CIFAR's version for Python, take its binary version, whose files end in .bin"
      : folders,
  });
}

function unknownFile(file: string, bytes: number): InceptError {
  const name = shownPath(file);
  if (bytes === 0) return new InceptError("data/empty", `${name} is empty.`);
  const isArchive = /\.(zip|tar|tgz|tar\.gz|gz)$/i.test(file);
  return new InceptError(
    "data/format",
    `${name}, of ${counted(bytes, "byte")}, is no data that are known.`,
    {
      help: isArchive
        ? "if it is an archive of data, unpack it and give the folder"
        : "give a folder; rows of CIFAR-10 (3,073 bytes each) or CIFAR-100 (3,074); or a file of MNIST's form named …-images-idx3-ubyte",
    },
  );
}
