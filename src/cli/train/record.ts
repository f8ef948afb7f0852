/** What a run was begun with, in run.json: what a resumed one goes on by, unless flags say otherwise. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import {
  flag,
  list,
  number,
  optional,
  parseJson,
  record,
  text,
  whole,
  WrongJson,
} from "../../files/json.js";
import { readRegularSync } from "../../files/read.js";

export interface RunRecord {
  readonly version: number;
  /** Where the pictures lie: absolute paths. */
  readonly data: string;
  readonly validate?: string;
  /** The share that was held back, of data that have no validation of their own. */
  readonly validation?: number;
  /** By which it was drawn. */
  readonly seed: number;
  readonly epochs: number;
  readonly everySteps?: number;
  readonly augment: boolean;
  readonly skipBroken: boolean;
  /** How many there are to learn from, and to judge by: position in an epoch counts by it. */
  readonly pictures: number;
  readonly validationPictures: number;
  readonly labels?: readonly string[];
}

export const recordVersion = 1;

const most = 100_000_000;
const path = text(100_000);

const reader = record<RunRecord>({
  version: whole(recordVersion, recordVersion),
  data: path,
  validate: optional(path),
  validation: optional(number),
  seed: whole(0, 0xffffffff),
  epochs: whole(1),
  everySteps: optional(whole(1)),
  augment: flag,
  skipBroken: flag,
  pictures: whole(1, most),
  validationPictures: whole(0, most),
  labels: optional(list(text(10_000), 1_000_000)),
});

/** Labels of the largest list take a few megabytes. */
const maxBytes = 64 * 1024 * 1024;

export const recordText = (run: RunRecord): string => `${JSON.stringify(run, undefined, 2)}\n`;

/** @throws InceptError `train/run` for what is no record, or of `file/` */
export function readRecord(file: string): RunRecord {
  const content = readRegularSync({ path: file, what: "a run's record", maxBytes });
  try {
    return parseJson(content.toString("utf8"), reader);
  } catch (cause) {
    if (!(cause instanceof WrongJson)) throw cause;
    const message = `${shownPath(file)} is no record of a run: it ${cause.message}.`;
    throw new InceptError("train/run", message, {
      help: "undo the change of the file, or begin another run with -o DIR (from weights that lie here: --weights)",
      cause,
    });
  }
}
