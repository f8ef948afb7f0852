/** Whether all compute the same: before anything is timed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Contestant } from "./contestant.js";
import type { Files } from "./protocol.js";
import { relativeL2 } from "./relative-l2.js";

export interface Difference {
  readonly output: string;
  /** Relative, in the L2 norm. */
  readonly apart: number;
}

/**
 * The output in which a contestant differs most from the first one.
 *
 * @param outputs names
 * @param tolerance the most that they may
 * @throws InceptError `bench/difference`
 */
export async function requireSame(
  folder: string,
  outputs: readonly string[],
  [first, ...others]: readonly Contestant[],
  tolerance: number,
): Promise<readonly Difference[]> {
  if (first === undefined || others.length === 0) return [];
  const ours = await answersOf(first, folder, outputs);
  const differences: Difference[] = [];
  for (const other of others) {
    const theirs = await answersOf(other, folder, outputs);
    const each = outputs.map((output, i) => ({ output, apart: relativeL2(ours[i]!, theirs[i]!) }));
    const worst = each.reduce((a, b) => (a.apart >= b.apart ? a : b));
    if (!(worst.apart <= tolerance)) throw different(first, other, worst, tolerance);
    differences.push(worst);
  }
  return differences;
}

async function answersOf(
  contestant: Contestant,
  folder: string,
  outputs: readonly string[],
): Promise<readonly Float32Array[]> {
  const place = (i: number): string => join(folder, `${contestant.name}-${i}.out`);
  const files: Files = Object.fromEntries(outputs.map((output, i) => [output, place(i)]));
  await contestant.ask({ ask: "answer", outputs: files });
  const read = async (_: string, i: number): Promise<Float32Array> => {
    return new Float32Array(Uint8Array.from(await readFile(place(i))).buffer);
  };
  return Promise.all(outputs.map(read));
}

const different = (
  { name }: Contestant,
  other: Contestant,
  { output, apart }: Difference,
  tolerance: number,
): InceptError =>
  new InceptError(
    "bench/difference",
    `${output} of ${name} and of ${other.name} differ by ${apart.toExponential(1)}, ` +
      `expected at most ${tolerance.toExponential(0)} (relative, L2). Nothing was timed.`,
    {
      help: "try weights and a spec whose numbers stay finite; if it goes on, please report it with both",
    },
  );
