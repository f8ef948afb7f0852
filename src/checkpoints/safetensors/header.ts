import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { JsonMistake, JsonReader } from "../../files/json-reader.js";
import type { CheckpointTensor } from "../checkpoint.js";
import { dtypeBits, isDtype } from "../dtype.js";
import { sizesText } from "../named-shape.js";

/**
 * Where one tensor of a safetensors file is; `begin` and `end` count from the end of the header. A
 * newer dtype than those known is no reason to refuse the others.
 */
export interface TensorEntry extends CheckpointTensor {
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** As the header states it: nothing is known to be true. */
interface Claim {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly bigint[];
  readonly begin: bigint;
  readonly end: bigint;
}

/**
 * Reads and checks a header: every tensor's bytes fit its dtype and shape, lie inside the file,
 * overlap no other's, and together fill the file exactly, as the format demands. The reader of the
 * standalone program (`native/standalone/header.hpp`) checks the same in the same order.
 *
 * @param file as messages name it
 * @param dataBytes what the file holds after its header
 * @throws InceptError `weights/header`, `weights/duplicate`, `weights/offsets`, `weights/overlap`,
 *   `weights/truncated` or `weights/oversized`
 */
export function parseHeader(file: string, text: string, dataBytes: number): Header {
  const { claims, metadata } = readClaims(file, text);
  for (const claim of claims) checkSpan(file, claim);
  checkExtents(file, claims, BigInt(dataBytes));
  const tensors = claims.map(({ name, dtype, shape, begin, end }) => ({
    name,
    dtype,
    shape: shape.map(Number),
    begin: Number(begin),
    end: Number(end),
  }));
  return { tensors, metadata };
}

function readClaims(
  file: string,
  text: string,
): { readonly claims: readonly Claim[]; readonly metadata: Record<string, string> } {
  const json = new JsonReader(text);
  const claims = new Map<string, Claim>();
  let metadata: Record<string, string> | undefined;
  try {
    json.object((name) => {
      if (claims.has(name) || (name === "__metadata__" && metadata !== undefined)) {
        throw duplicate(`${file} has the tensor ${visibleName(name)} twice.`);
      }
      if (name === "__metadata__") metadata = readMetadata(json);
      else claims.set(name, readClaim(json, file, name));
    });
    json.end();
  } catch (mistake) {
    if (!(mistake instanceof JsonMistake)) throw mistake;
    throw new InceptError(
      "weights/header",
      `The header of ${file} is not that of a safetensors file: ${mistake.message} at character ${mistake.at}.`,
      { cause: mistake },
    );
  }
  return { claims: [...claims.values()], metadata: metadata ?? {} };
}

function readMetadata(json: JsonReader): Record<string, string> {
  const entries: [string, string][] = [];
  if (!json.isNull()) json.object((key) => entries.push([key, json.string()]));
  return Object.fromEntries(entries);
}

function readClaim(json: JsonReader, file: string, name: string): Claim {
  const seen = new Set<string>();
  let dtype = "";
  let shape: readonly bigint[] = [];
  let offsets: readonly bigint[] = [];
  json.object((key) => {
    if (seen.has(key)) {
      throw duplicate(`${file}: ${visibleName(name)} has the key ${visibleName(key)} twice.`);
    }
    seen.add(key);
    if (key === "dtype") dtype = json.string();
    else if (key === "shape") shape = sizes(json);
    else if (key === "data_offsets") offsets = sizes(json);
    else json.skip();
  });
  const lacking = ["dtype", "shape", "data_offsets"].filter((key) => !seen.has(key));
  if (lacking.length > 0) throw json.mistake(`expected the ${lacking[0]} of ${visibleName(name)}`);
  const [begin, end, ...more] = offsets;
  if (begin === undefined || end === undefined || more.length > 0) {
    throw json.mistake(`expected two data_offsets of ${visibleName(name)}`);
  }
  return { name, dtype, shape, begin, end };
}

/** No tensor has a tenth of it, and a header could list fifty million. */
const mostSizes = 1000;

function sizes(json: JsonReader): readonly bigint[] {
  const list: bigint[] = [];
  json.array(() => {
    if (list.length === mostSizes) throw json.mistake(`expected at most ${mostSizes} numbers`);
    list.push(json.size());
  });
  return list;
}

/** Of a dtype that nobody knows, only the order of the offsets can be checked. */
function checkSpan(file: string, claim: Claim): void {
  const { name, dtype, shape, begin, end } = claim;
  const expected = isDtype(dtype) ? bytesOf(shape, dtypeBits[dtype]) : end - begin;
  if (begin <= end && end - begin === expected) return;
  const takes = expected === undefined ? "no whole or possible number of" : `${expected}`;
  throw new InceptError(
    "weights/offsets",
    `${file}: ${visibleName(name)} is ${visibleName(dtype)} ${sizesText(shape)}, which takes ` +
      `${takes} bytes, but its data_offsets are ${begin} and ${end}.`,
  );
}

/** Bytes of a dense tensor; undefined where they are no whole number, or 2^64 or more. */
function bytesOf(shape: readonly bigint[], bits: number): bigint | undefined {
  let count = 1n;
  for (const size of shape) {
    count *= size;
    if (count >= limit) return undefined;
  }
  const total = count * BigInt(bits);
  return total < limit && total % 8n === 0n ? total / 8n : undefined;
}

const limit = 1n << 64n;

function checkExtents(file: string, claims: readonly Claim[], dataBytes: bigint): void {
  const inOrder = [...claims].sort((a, b) => compare(a.begin, b.begin) || compare(a.end, b.end));
  let end = 0n;
  let previous = "";
  for (const tensor of inOrder) {
    const name = visibleName(tensor.name);
    if (tensor.begin < end) {
      throw new InceptError("weights/overlap", `${file}: ${name} overlaps ${previous}.`);
    }
    if (tensor.begin > end) {
      const gap = `no tensor has the ${bytesText(tensor.begin - end)} before ${name}`;
      throw new InceptError("weights/offsets", `${file}: ${gap}.`);
    }
    end = tensor.end;
    previous = name;
  }
  if (end > dataBytes) {
    throw new InceptError(
      "weights/truncated",
      `${file} ends ${bytesText(end - dataBytes)} before the end of ${previous}.`,
      { help: "was it copied whole?" },
    );
  }
  if (end < dataBytes) {
    const extra = `${bytesText(dataBytes - end)} after its last tensor`;
    throw new InceptError("weights/oversized", `${file} has ${extra}.`);
  }
}

const bytesText = (bytes: bigint): string => counted(Number(bytes), "byte");

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

const duplicate = (message: string): InceptError => new InceptError("weights/duplicate", message);
