/**
 * What was measured of the kernels of a spec's layers, in a file beside the spec that people can read,
 * keep and share: `googlenet.tuned.json`, or `googlenet.tuned.bf16.json` of a build in bf16, whose kernels
 * and instructions are others.
 *
 *     {
 *       "processor": "Intel(R) Xeon(R) Processor @ 2.10GHz",
 *       "level": "avx512",
 *       "precision": "f32",
 *       "threads": 2,
 *       "kernels": "0.1.0 1f3c5a7798b2",
 *       "microseconds": {
 *         "conv 3x3 192 pad 1 relu (64 x 56x56)": { "conv.direct:4x6": 4102.3, … },
 */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { displayPath, shownPath } from "../../files/display.js";
import {
  dictionary,
  oneOf,
  parseJson,
  type Reader,
  record,
  text,
  whole,
  wrong,
  WrongJson,
} from "../../files/json.js";
import { readRegularSync } from "../../files/read.js";
import type { CpuLevel, CpuPrecision } from "../../targets/cpu/level.js";
import { writeBeside } from "../disk/write-beside.js";

/** Where, with what and by how many threads something was measured. */
export interface Circumstances {
  readonly processor: string;
  readonly level: CpuLevel;
  readonly precision: CpuPrecision;
  readonly threads: number;
  /** Version and digest of the kernels' code. */
  readonly kernels: string;
}

export interface RecordsFile extends Circumstances {
  /** By layer as `nodeKey` says it, then by way as `wayName` does; of one image, by all threads. */
  readonly microseconds: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** A name and a time take some 50 bytes, a large network has some hundred layers. */
const maxBytes = 1 << 22;
const mostLayers = 10_000;
const mostWays = 1000;

export const recordsPath = (spec: string, precision: CpuPrecision): string => {
  const ending = precision === "f32" ? "tuned.json" : `tuned.${precision}.json`;
  return join(dirname(resolve(spec)), `${basename(spec).replace(/\.incept$/, "")}.${ending}`);
};

const line = text(1000);

const time: Reader<number> = (value, place) => {
  if (typeof value === "number" && value > 0 && value < 1e12) return value;
  throw wrong(value, place, "microseconds");
};

/** The first files did not say it. */
const precisionOrPlain: Reader<CpuPrecision> = (value, place) =>
  value === undefined ? "f32" : oneOf("f32", "bf16")(value, place);

const contents = record<RecordsFile>({
  processor: line,
  level: oneOf("amx", "avx512", "avx2", "baseline", "neon"),
  precision: precisionOrPlain,
  threads: whole(1, 1024),
  kernels: line,
  microseconds: dictionary(line, dictionary(line, time, mostWays), mostLayers),
});

/**
 * The records beside a spec, of a precision; undefined where there are none.
 *
 * @throws InceptError `build/records` for a file that is none of ours, or of `file/`
 */
export function readRecords(spec: string, precision: CpuPrecision): RecordsFile | undefined {
  const path = recordsPath(spec, precision);
  if (!existsSync(path)) return undefined;
  const bytes = readRegularSync({ path, what: "measured times", maxBytes });
  try {
    return parseJson(bytes.toString("utf8"), contents);
  } catch (cause) {
    if (!(cause instanceof WrongJson)) throw cause;
    const message = `${shownPath(displayPath(path))} ${cause.message}.`;
    throw new InceptError("build/records", message, {
      help: `measure again, by inceptc tune SPEC${flagOf(precision)}, or remove the file`,
      cause,
    });
  }
}

const flagOf = (precision: CpuPrecision): string =>
  precision === "f32" ? "" : ` --precision ${precision}`;

/** @throws InceptError `file/cannot-write` */
export function writeRecords(spec: string, records: RecordsFile): string {
  const path = recordsPath(spec, records.precision);
  const microseconds = Object.fromEntries(
    [...records.microseconds].map(([layer, ways]) => [layer, Object.fromEntries(ways)]),
  );
  writeBeside(path, `${JSON.stringify({ ...records, microseconds }, undefined, 2)}\n`);
  return path;
}
