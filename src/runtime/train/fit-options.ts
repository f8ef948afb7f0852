import {
  abortSignal,
  checkOptions,
  count,
  filePath,
  oneOf,
  partsOf,
  type Reader,
  type Readers,
} from "../check-options.js";
import { type CheckedData, dataReader } from "./data.js";

/** How often the last checkpoint is written. */
export interface Every {
  readonly steps?: number;
  readonly epochs?: number;
}

/** What `fit` is asked for, as it is read; what callbacks get is theirs to know. */
export interface CheckedFitOptions {
  readonly epochs?: number;
  readonly validate?: CheckedData;
  readonly signal?: AbortSignal;
  readonly onStep?: (result: object) => unknown;
  readonly onEpoch?: (result: object) => unknown;
  readonly checkpoints?: { readonly directory: string; readonly every?: Every };
  readonly lastBatch?: "drop" | "keep";
}

const callback: Reader<(result: object) => unknown> = (value, place) => {
  if (typeof value !== "function") throw place.wrongType(value, "a function");
  return value as (result: object) => unknown;
};

const every: Reader<Every> = (value, place) => {
  const read = partsOf<Every>({ steps: count(1), epochs: count(1) })(value, place);
  if (Object.keys(read).length > 0) return read;
  throw place.wrongType(value, "an object such as { steps: 1000 } or { epochs: 1 }");
};

const readers: Readers<CheckedFitOptions> = {
  epochs: count(1),
  validate: dataReader,
  signal: abortSignal,
  onStep: callback,
  onEpoch: callback,
  checkpoints: partsOf<NonNullable<CheckedFitOptions["checkpoints"]>>(
    { directory: filePath, every },
    ["directory"],
  ),
  lastBatch: oneOf(["drop", "keep"]),
};

export const fitOptions = (call: string, given: unknown): CheckedFitOptions =>
  checkOptions(call, given, readers);
