import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { type Dtype, dtypeBytes, isDtype } from "./dtype.js";
import { duplicateKey } from "./duplicate-key.js";

/** Where one tensor of a safetensors file is; `begin` and `end` count from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The format's own limit. */
export const maxHeaderBytes = 100_000_000;

/**
 * Checks the length that a file claims for its header, before anything of that size is allocated.
 *
 * @param claimed the file's first eight bytes, an unsigned little-endian integer
 */
export function headerLength(file: string, claimed: bigint, fileBytes: number): number {
  if (claimed > BigInt(maxHeaderBytes)) {
    throw new InceptError(
      "weights/header",
      `${file} claims a header of ${claimed} bytes, at most ${maxHeaderBytes} are allowed.`,
      { help: "is it a safetensors file?" },
    );
  }
  const length = Number(claimed);
  if (8 + length > fileBytes) {
    throw new InceptError(
      "weights/truncated",
      `${file} holds ${fileBytes} bytes, its header alone would end at ${8 + length}.`,
      { help: "is it a safetensors file, and was it copied whole?" },
    );
  }
  return length;
}

/**
 * Reads and checks a header: every tensor's bytes fit its dtype and shape, lie inside the file,
 * overlap no other's, and together fill the file exactly, as the format demands.
 *
 * @param dataBytes what the file holds after its header
 */
export function parseHeader(
  file: string,
  text: string,
  dataBytes: number,
): { readonly tensors: readonly TensorEntry[]; readonly metadata: Record<string, string> } {
  const parsed = parseJson(file, text);
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw new InceptError("weights/duplicate", `${file} has the tensor ${twice} twice.`);
  }
  const { __metadata__: metadata = {}, ...entries } = parsed;
  const tensors = Object.entries(entries).map(([name, entry]) => readEntry(file, name, entry));
  checkExtents(file, tensors, dataBytes);
  return { tensors, metadata: readMetadata(file, metadata) };
}

function parseJson(file: string, text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new InceptError("weights/header", `The header of ${file} is not JSON.`, {
      help: "is it a safetensors file?",
      cause,
    });
  }
  if (!isRecord(parsed)) throw malformed(file, "is not a JSON object");
  return parsed;
}

function readEntry(file: string, name: string, entry: unknown): TensorEntry {
  if (!isRecord(entry)) throw malformed(file, `describes ${name} by something that is no object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    throw new InceptError("weights/dtype", `${file}: ${name} has dtype ${JSON.stringify(dtype)}.`, {
      help: `the format has ${Object.keys(dtypeBytes).join(", ")}`,
    });
  }
  if (!isCounts(shape)) throw malformed(file, `gives ${name} a shape that is no list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw malformed(file, `gives ${name} data_offsets that are no two byte positions`);
  }
  const [begin = 0, end = 0] = offsets;
  const expected = shape.reduce((product, d) => product * d, 1) * dtypeBytes[dtype];
  if (end - begin !== expected) {
    throw new InceptError(
      "weights/offsets",
      `${file}: ${name} is ${dtype} [${shape.join(", ")}], which takes ${expected} bytes, but its data_offsets span ${end - begin}.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function checkExtents(file: string, tensors: readonly TensorEntry[], dataBytes: number): void {
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  let previous = "";
  for (const tensor of inOrder) {
    if (tensor.begin < end) {
      throw new InceptError("weights/overlap", `${file}: ${tensor.name} overlaps ${previous}.`);
    }
    if (tensor.begin > end) {
      const gap = `no tensor has the ${counted(tensor.begin - end, "byte")} before ${tensor.name}`;
      throw new InceptError("weights/offsets", `${file}: ${gap}.`);
    }
    end = tensor.end;
    previous = tensor.name;
  }
  if (end > dataBytes) {
    throw new InceptError(
      "weights/truncated",
      `${file} ends ${counted(end - dataBytes, "byte")} before the end of ${previous}.`,
      { help: "was it copied whole?" },
    );
  }
  if (end < dataBytes) {
    const extra = `${counted(dataBytes - end, "byte")} after its last tensor`;
    throw new InceptError("weights/oversized", `${file} has ${extra}.`);
  }
}

function readMetadata(file: string, metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) throw malformed(file, "has a __metadata__ that is no object");
  const entries = Object.entries(metadata);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (texts.length < entries.length) throw malformed(file, "has __metadata__ that is not text");
  return Object.fromEntries(texts);
}

const malformed = (file: string, what: string): InceptError =>
  new InceptError("weights/header", `The header of ${file} ${what}.`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && Number(n) >= 0);
