/** One network in several engines: the same numbers, the same answers, then the time. */
import type { Shape } from "../ops/shape.js";
import { requireSame } from "./answers.js";
import type { Contestant } from "./contestant.js";
import { duel } from "./duel.js";
import { writeInputs } from "./inputs.js";
import type { Memory } from "./protocol.js";
import { summarise, type Timing } from "./timing.js";

export interface Subject {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  /** Names. */
  readonly outputs: readonly string[];
  /** The most that two engines may differ: relative, L2. */
  readonly tolerance: number;
  /** For inputs and answers. */
  readonly folder: string;
}

export interface BatchResult {
  readonly batch: number;
  readonly engines: readonly EngineResult[];
}

export interface EngineResult {
  readonly engine: string;
  /** Milliseconds of a run. */
  readonly timing: Timing;
  /** From the first engine's answers; of that one none. */
  readonly difference?: number;
}

/** @param contestants the first is the one that the others are compared with */
export async function benchBatch(
  { inputs, outputs, tolerance, folder }: Subject,
  contestants: readonly Contestant[],
  batch: number,
  { runs, tell }: { readonly runs: number; readonly tell?: (text: string) => void },
): Promise<BatchResult> {
  const files = await writeInputs(folder, inputs, batch);
  for (const contestant of contestants) {
    await contestant.ask({ ask: "give", batch, inputs: files });
  }
  const differences = await requireSame(folder, outputs, contestants, tolerance);
  const times = await duel(contestants, runs, (block, of) =>
    tell?.(`batch ${batch}: block ${block} of ${of}`),
  );
  return {
    batch,
    engines: contestants.map(({ name }, i) => {
      const apart = i === 0 ? undefined : differences[i - 1]?.apart;
      const own = { engine: name, timing: summarise(times[i]!) };
      return apart === undefined ? own : { ...own, difference: apart };
    }),
  };
}

export interface EngineMemory extends Memory {
  readonly engine: string;
  readonly version: string;
}

/** Of the whole process of each, until now. */
export async function memoryOf(
  contestants: readonly Contestant[],
): Promise<readonly EngineMemory[]> {
  const all: EngineMemory[] = [];
  for (const contestant of contestants) {
    const { name: engine, version } = contestant;
    all.push({ engine, version, ...(await contestant.ask({ ask: "memory" })) });
  }
  return all;
}
