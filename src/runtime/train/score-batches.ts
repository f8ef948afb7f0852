/** What a network's answers to data are worth, batch by batch. */
import type { NetworkTypes } from "../types.js";
import { nothing } from "./data.js";
import type { TrainedOutput } from "./losses.js";
import { readBatches } from "./read-batches.js";
import { type Meaning, scorerOf } from "./scores.js";
import type { Evaluation, Losses } from "./types.js";

/** By output. */
export type Answers = Readonly<Record<string, Float32Array>>;

interface Judged {
  readonly images: number;
  readonly targets: ReadonlyMap<string, Float32Array | Int32Array>;
}

/** Where batches come from, and who answers them. */
interface Source<B extends Judged> {
  readonly batches: AsyncIterator<unknown>;
  /** Checks and copies what the data give. */
  readonly read: (given: unknown) => B;
  readonly answer: (batch: B) => Promise<unknown>;
}

/**
 * @param judged the outputs that there are targets of, and what their values are
 * @throws TypeError where the data give no batch; the signal's reason
 */
export async function scoreBatches<N extends NetworkTypes, L extends Losses<N>, B extends Judged>(
  call: string,
  judged: readonly { readonly output: TrainedOutput; readonly of: Meaning }[],
  { batches, read, answer }: Source<B>,
  signal: AbortSignal | undefined,
): Promise<Evaluation<N, L>> {
  const scorers = judged.map(({ output, of }) => scorerOf(output, of));
  let [examples, empty] = [0, 0];
  for await (const given of readBatches(batches, signal)) {
    if (given === nothing) {
      empty++;
      continue;
    }
    const batch = read(given);
    const answers = (await answer(batch)) as Answers;
    judged.forEach(({ output: { name } }, i) => {
      scorers[i]!.add(answers[name]!, batch.targets.get(name)!);
    });
    examples += batch.images;
  }
  signal?.throwIfAborted();
  if (examples === 0) {
    const why = empty === 0 ? "the data gave no batch" : "no picture of the data could be read";
    throw new TypeError(`${call}: ${why}.`);
  }
  const scores = scorers.map((scorer) => scorer.score());
  return {
    examples,
    loss: scores.reduce((sum, { loss }) => sum + loss, 0),
    outputs: Object.fromEntries(
      judged.map(({ output }, i) => [output.name, scores[i]!]),
    ) as unknown as Evaluation<N, L>["outputs"],
  };
}
