/** ONNX files with bytes exchanged: each is read, or refused by name, and nothing else happens. */
import { InceptError } from "../../../src/diagnostics/incept-error.js";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { elements } from "../../../src/ops/shape.js";
import { mutated } from "../../checkpoints/fuzz.js";
import { Random } from "../../support/random.js";
import { casesOf } from "./cases.js";

export interface Outcome {
  /** How many were read wholly, and how many were refused by each code. */
  readonly counts: ReadonlyMap<string, number>;
  /** What should not have happened, with what is needed to see it again. */
  readonly failures: readonly string[];
}

/** Mutates and reads `count` files; the same seed gives the same files. */
export async function fuzz(count: number, seed: number): Promise<Outcome> {
  const cases = [...casesOf("backend"), ...casesOf("patterns")];
  const counts = new Map<string, number>();
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = new Random(seed + i);
    const { name, model } = random.pick(cases);
    const outcome = await read(mutated(Buffer.from(model), random));
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (!/^(?:read|(?:weights|onnx)\/[a-z-]+)$/.test(outcome)) {
      failures.push(`${name}, seed ${seed + i}: ${outcome}`);
    }
  }
  return { counts, failures };
}

/** No fixture has as many. */
const mostElements = 1 << 16;

async function read(bytes: Uint8Array): Promise<string> {
  try {
    const imported = await readOnnx(bytes);
    for (const [{ shape }, stored] of imported.weights) {
      if (elements(shape) <= mostElements) await stored.read();
    }
    await imported.close();
    return "read";
  } catch (error) {
    if (error instanceof InceptError) return error.code;
    return `threw ${error instanceof Error ? (error.stack ?? "") : String(error)}`;
  }
}
