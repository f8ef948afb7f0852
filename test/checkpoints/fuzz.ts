/** Files of weights with bytes exchanged: each is read, or refused by name, and nothing else happens. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import { elements } from "../../src/ops/shape.js";
import { Random } from "../support/random.js";
import { fixture } from "./expected.js";

/** A kind of file, and the folder of fixtures of it that are mutated. */
export interface Format {
  readonly name: string;
  readonly folder: string;
  readonly files: RegExp;
}

export const formats: readonly Format[] = [
  { name: "PyTorch", folder: "torch", files: /^(?!.*legacy).*\.pth$/ },
  { name: "PyTorch before 1.6", folder: "torch", files: /legacy.*\.pth$/ },
  { name: "Caffe", folder: "caffe", files: /\.caffemodel$/ },
  { name: "ONNX", folder: "onnx", files: /\.onnx$/ },
  { name: "HDF5", folder: "keras", files: /\.h5$/ },
  { name: "Keras archives", folder: "keras", files: /\.keras$/ },
];

export interface Outcome {
  /** How many were read wholly, and how many were refused by each code. */
  readonly counts: ReadonlyMap<string, number>;
  /** What should not have happened, with what is needed to see it again. */
  readonly failures: readonly string[];
}

/** Mutates and reads `count` files of a format; the same seed gives the same files. */
export async function fuzz(format: Format, count: number, seed: number): Promise<Outcome> {
  const names = readdirSync(fixture(format.folder)).filter((name) => format.files.test(name));
  const files = names.map((name) => readFileSync(join(fixture(format.folder), name)));
  const counts = new Map<string, number>();
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = new Random(seed + i);
    const which = random.integer(0, files.length - 1);
    const outcome = await read(mutated(files[which]!, random), names[which]!);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (!/^(?:read|weights\/[a-z-]+)$/.test(outcome)) {
      failures.push(`${names[which]!}, seed ${seed + i}: ${outcome}`);
    }
  }
  return { counts, failures };
}

/** No fixture has as many. */
const mostElements = 1 << 16;

/** Names as if it were a file's, since some kinds are told by it; external data has no folder. */
async function read(bytes: Buffer, name: string): Promise<string> {
  try {
    const checkpoint = await openCheckpoint(bytes, { name });
    let refused = "read";
    for (const { name: tensor, shape } of checkpoint.tensors.values()) {
      // What one element is spread to is no larger than whoever asks for it expects.
      if (elements(shape) > mostElements) continue;
      const outcome = await checkpoint.readFloat32(tensor).then(() => "read", verdict);
      // Integers are refused in sound files, too; what is no error of ours counts before what is.
      const isSound = outcome === "read" || outcome === "weights/dtype";
      if (!isSound && !refused.startsWith("threw")) refused = outcome;
    }
    await checkpoint.close();
    return refused;
  } catch (error) {
    return verdict(error);
  }
}

const verdict = (error: unknown): string =>
  error instanceof InceptError
    ? error.code
    : `threw ${error instanceof Error ? error.stack : String(error)}`;

/** Numbers that mean something to a reader: none, all bits, the largest of a sign, beyond any file. */
const telling = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0xffffffff, 2 ** 40, 2 ** 53, -1];

export function mutated(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let edits = random.integer(1, 12); edits > 0 && bytes.length > 8; edits--) {
    const at = random.integer(0, bytes.length - 1);
    switch (random.integer(0, 5)) {
      case 0:
      case 1:
        bytes[at] = random.integer(0, 255);
        break;
      case 2: {
        const number = Buffer.alloc(8);
        number.writeBigInt64LE(BigInt(random.pick(telling)));
        number.subarray(0, random.pick([1, 2, 4, 8])).copy(bytes, at);
        break;
      }
      case 3:
        bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7));
        break;
      case 4: {
        // A piece of the file in another place: a node that refers to itself, a header twice.
        const from = random.integer(0, bytes.length - 1);
        bytes.copyWithin(at, from, from + random.pick([8, 16, 24, 64]));
        break;
      }
      case 5:
        if (random.chance(0.1)) bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}
