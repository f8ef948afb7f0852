/** What each option of each call may be. The types say the same to whoever compiles with them. */
import {
  builders,
  cpuChoices,
  largestBatch,
  precisions,
  targetNames,
} from "../build/choose/choices.js";
import type { Setting } from "../model/network.js";
import {
  abortSignal,
  checkOptions,
  count,
  filePath,
  flag,
  listOf,
  oneOf,
  type Reader,
  type Readers,
  recordOf,
  text,
} from "./check-options.js";
import type { LabelSource } from "./labels.js";
import { namingReaders, requireNaming } from "./weights/naming.js";
import { type CheckedSource, weightSource } from "./weights/source.js";
import type {
  BuildOptions,
  ClassifyOptions,
  CompileOptions,
  LoadOptions,
  PictureOptions,
  RunOptions,
} from "./options.js";

const setting: Reader<Setting> = (value, place) => {
  const expected = "a number, true, false or { height, width }";
  if (typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw place.outOfRange(value, expected);
  }
  if (!isSize(value)) throw place.wrongType(value, expected);
  const { height, width } = value;
  return {
    height: count(1)(height, place.part("height")),
    width: count(1)(width, place.part("width")),
  };
};

const isSize = (value: unknown): value is Record<"height" | "width", unknown> =>
  typeof value === "object" && value !== null && "height" in value && "width" in value;

/** Of options that name a variant. */
export const buildReaders: Readers<BuildOptions> = {
  set: recordOf(setting, "an object such as { classes: 10 }"),
  model: text,
  target: oneOf(targetNames),
  precision: oneOf(precisions),
  cpu: oneOf(cpuChoices),
  arch: listOf(count(1), "a list such as [80, 90]"),
  maxBatch: count(1, largestBatch),
  tap: listOf(text, "a list of stages or steps"),
  passes: flag,
  algebra: flag,
  strict: flag,
  without: listOf(text, "a list of passes"),
  force: listOf(text, "a list of kernels"),
  builder: oneOf(builders),
};

const callback: Reader<NonNullable<CompileOptions["onProgress"]>> = (value, place) => {
  if (typeof value !== "function") throw place.wrongType(value, "a function");
  return value as NonNullable<CompileOptions["onProgress"]>;
};

const compile: Readers<CompileOptions> = { ...buildReaders, root: filePath, onProgress: callback };

const queue: Reader<number> = (value, place) =>
  value === Infinity ? value : count(0)(value, place);

/** A load's options as they are read. */
export type CheckedLoadOptions = BuildOptions &
  Omit<LoadOptions, keyof BuildOptions | "weights"> & { readonly weights: CheckedSource };

const load: Readers<CheckedLoadOptions> = {
  weights: weightSource,
  ...namingReaders,
  threads: count(0, 1024),
  device: count(0, 63),
  spin: count(0, 1_000_000),
  instances: count(1, 1024),
  maxQueue: queue,
  ...buildReaders,
};

const labels: Reader<LabelSource> = (value, place) =>
  Array.isArray(value) ? listOf(text, "a list of names")(value, place) : filePath(value, place);

const run: Readers<RunOptions> = { signal: abortSignal };

const picture: Readers<PictureOptions> = { ...run, maxPixels: count(1) };

const classify: Readers<ClassifyOptions> = {
  ...picture,
  top: count(1),
  labels,
  output: text,
};

export const compileOptions = (call: string, given: unknown): CompileOptions =>
  checkOptions(call, given, compile);

export const runOptions = (call: string, given: unknown): RunOptions =>
  checkOptions(call, given, run);

export const pictureOptions = (call: string, given: unknown): PictureOptions =>
  checkOptions(call, given, picture);

export const classifyOptions = (call: string, given: unknown): ClassifyOptions =>
  checkOptions(call, given, classify);

/** @throws TypeError too where there are no weights */
export function loadOptions(call: string, given: unknown): CheckedLoadOptions {
  const options = checkOptions(call, given, load);
  const { weights } = options as Partial<CheckedLoadOptions>;
  if (weights !== undefined) {
    requireNaming(call, options, weights);
    return options;
  }
  throw new TypeError(`${call}: weights is missing; name a .safetensors file or random:1.`);
}
