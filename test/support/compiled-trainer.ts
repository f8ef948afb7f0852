/** A compiled training program as one that is judged. */
import type { QuickNetwork } from "./quick-build.js";
import { withTrainer } from "./quick-trainer.js";
import type { TrainingFixture } from "./training-fixtures.js";
import { type Allowance, asSingle, judgeTraining, type Miss } from "./training-judge.js";

/** @param network built with the fixture's losses */
export async function judgeCompiled(
  { optimizer, clip = 0, ...fixture }: TrainingFixture,
  network: QuickNetwork,
  allowance: Allowance = asSingle,
): Promise<readonly Miss[]> {
  const { batch, weights } = fixture;
  const { kind, nesterov = false, ...numbers } = optimizer;
  let misses: readonly Miss[] = [];
  await withTrainer(network, weights, { batch, optimizer: kind }, async (trainer) => {
    let step = 0;
    const judged = {
      batch: async (inputs: ReadonlyMap<string, ArrayLike<number>>) => {
        const run = { ...numbers, nesterov: Number(nesterov), clipNorm: clip, step: ++step };
        const { results } = await trainer.train(batch, ({ name }) => inputs.get(name)!, run);
        return results;
      },
      parameters: () => trainer.read("values"),
    };
    misses = await judgeTraining({ ...fixture, optimizer }, judged, allowance);
  });
  return misses;
}
