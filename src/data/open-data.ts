/** Pictures to train on, by what lies at a path. */
import { stat } from "node:fs/promises";
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { cannotRead } from "../files/failure.js";
import { checkOptions, filePath, Place } from "../runtime/check-options.js";
import type { Pictures } from "../runtime/train/pictures.js";
import type { DataKind, FoundData } from "./found-data.js";
import { cifarFile, cifarFolder } from "./recognise-cifar.js";
import { type SplitOptions, splitBy, splitReaders } from "./split.js";

export type OpenDataOptions = SplitOptions;

export interface OpenedData {
  readonly kind: DataKind;
  readonly train: Pictures;
  /** Absent where the data have none of their own, and none was to be held back. */
  readonly validation?: Pictures;
}

/** Each looks whether what lies there is its own; undefined where it is not. */
const ofFolder: readonly ((folder: string) => Promise<FoundData | undefined>)[] = [cifarFolder];
const ofFile: readonly ((file: string) => Promise<FoundData | undefined>)[] = [cifarFile];

const expected = [
  "a folder with data_batch_1.bin and others (CIFAR-10) or train.bin (CIFAR-100)",
  "a file of rows as theirs",
].join("; or ");

/**
 * The pictures at a path, whatever they are: the folders of CIFAR-10 and CIFAR-100 in their binary
 * version, or one of their files. Where they set none aside themselves, a share is held back as
 * `validation`, as `split` does.
 *
 * @param options `validation` is the share, of data that have no validation of their own
 * @throws InceptError `data/format` for what is none of them, which says what was found; `data/empty`,
 *   or of `file/`
 */
export async function openData(path: string | URL, options?: OpenDataOptions): Promise<OpenedData> {
  const asked = checkOptions<OpenDataOptions>("openData", options, splitReaders);
  const file = filePath(path, new Place("openData", "path"));
  const isFolder = await isDirectory(file);
  for (const open of isFolder ? ofFolder : ofFile) {
    const found = await open(file);
    if (found !== undefined) return held(found, asked);
  }
  const is = isFolder ? "is a folder" : "is a file";
  throw new InceptError("data/format", `${shownPath(file)} ${is} of no data that are known.`, {
    help: `give ${expected}`,
  });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw cannotRead({ path, what: "pictures" }, cause);
  }
}

function held(found: FoundData, asked: SplitOptions): OpenedData {
  if (found.validation !== undefined) return found;
  const { train, validation } = splitBy(found.train, asked);
  return { kind: found.kind, train, ...(validation.size === 0 ? {} : { validation }) };
}
