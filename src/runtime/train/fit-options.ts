import {
  abortSignal,
  byKind,
  checkOptions,
  count,
  filePath,
  listOf,
  oneOf,
  partsOf,
  type Reader,
  type Readers,
} from "../check-options.js";
import type { InceptError } from "../../diagnostics/incept-error.js";
import type { Augmentation } from "../../ops/training/settings.js";
import { dataReader, type GivenData } from "./data.js";

/** How often the last checkpoint is written. */
export interface Every {
  readonly steps?: number;
  readonly epochs?: number;
}

/** What `fit` is asked for, as it is read; what callbacks get is theirs to know. */
export interface CheckedFitOptions {
  readonly epochs?: number;
  readonly validate?: GivenData;
  readonly signal?: AbortSignal;
  readonly onStep?: (result: object) => unknown;
  readonly onEpoch?: (result: object) => unknown;
  readonly checkpoints?: { readonly directory: string; readonly every?: Every };
  readonly lastBatch?: "drop" | "keep";
  readonly augment?: false | readonly Augmentation[];
  readonly onBroken?: (error: InceptError) => unknown;
}

/** What `evaluate` is asked for. */
export interface CheckedEvaluateOptions {
  readonly signal?: AbortSignal;
  readonly onBroken?: (error: InceptError) => unknown;
}

const callback: Reader<(result: object) => unknown> = (value, place) => {
  if (typeof value !== "function") throw place.wrongType(value, "a function");
  return value as (result: object) => unknown;
};

type Crop = Extract<Augmentation, { readonly kind: "crop" }>;
type Flip = Extract<Augmentation, { readonly kind: "flip" }>;

const crop: Reader<Crop> = (value, place) => {
  const pads = count(0, 2 ** 31 - 1);
  const { kind, pad } = partsOf<Partial<Crop>>({ kind: oneOf(["crop"]), pad: pads })(value, place);
  return { kind: kind!, pad: pad ?? 0 };
};

const augmentation = byKind<Augmentation>({
  crop,
  flip: partsOf<Flip>({ kind: oneOf(["flip"]) }),
});

const augment: Reader<false | readonly Augmentation[]> = (value, place) => {
  const expected = 'false, or a list such as [{ kind: "crop", pad: 4 }, { kind: "flip" }]';
  return value === false ? value : listOf(augmentation, expected)(value, place);
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
  augment,
  onBroken: callback,
};

const evaluateReaders: Readers<CheckedEvaluateOptions> = {
  signal: abortSignal,
  onBroken: callback,
};

export const evaluateOptions = (call: string, given: unknown): CheckedEvaluateOptions =>
  checkOptions(call, given, evaluateReaders);

export const fitOptions = (call: string, given: unknown): CheckedFitOptions =>
  checkOptions(call, given, readers);
