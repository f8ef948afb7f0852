/** Holds a trainer, whatever it is made of, against what PyTorch has made of the same batches. */
import { relativeL2 } from "./compare.js";
import { judgeSketch } from "./sketch.js";
import type { TrainingFixture, TrainingInputs } from "./training-fixtures.js";

/** What is judged. It begins with the fixture's weights and has its losses and optimizer. */
export interface JudgedTrainer {
  /** Trains on one batch, and gives `loss` and `loss:NAME` of each output and head. */
  batch(inputs: TrainingInputs): Promise<ReadonlyMap<string, number>>;
  /** Parameters and running statistics. */
  parameters(): Promise<ReadonlyMap<string, ArrayLike<number>>>;
}

/** Something that is further from PyTorch's f64 than allowed. */
export interface Miss {
  readonly what: string;
  readonly distance: number;
  readonly allowed: number;
}

/** How far, in relative L2, where PyTorch's f32 is `own` away. */
export type Allowance = (own: number) => number;

/** For trainers that compute in f32, in whatever order. */
export const asSingle: Allowance = (own) => Math.max(1e-3, 3 * own);

/**
 * The same of a network in which what is rounded otherwise doubles with each batch: GoogLeNet's losses are
 * 1e-7 away in the first one, and 2e-3 in the tenth where sums are in another order.
 */
export const asDrifting: Allowance = (own) => Math.max(5e-3, 3 * own);

/** For trainers that compute in f64. */
export const asDouble: Allowance = () => 1e-9;

/**
 * Trains and compares each loss of each batch, and the changes of all tensors that the fixture tells.
 *
 * @param batches of the fixture's; what comes after is not looked at
 */
export async function judgeTraining(
  fixture: TrainingFixture,
  trainer: JudgedTrainer,
  allowance: Allowance,
  batches = fixture.batches,
): Promise<readonly Miss[]> {
  const start = copied(await trainer.parameters());
  const losses: ReadonlyMap<string, number>[] = [];
  const found: Miss[] = [];
  const judge = (what: string, distance: number, own: number): void => {
    const allowed = allowance(own);
    if (!(distance <= allowed)) found.push({ what, distance, allowed });
  };
  while (losses.length < batches) {
    losses.push(await trainer.batch(fixture.inputs(losses.length)));
    const changes = fixture.after.get(losses.length);
    if (changes === undefined) continue;
    const now = await trainer.parameters();
    for (const [name, change] of changes) {
      const what = `${name} after ${losses.length}`;
      const changed = difference(now.get(name), start.get(name));
      judgeSketch(change, changed, (how, ...far) => judge(`${what}: ${how}`, ...far));
    }
  }
  for (const [name, { values, distance }] of Object.entries(fixture.results)) {
    const own = losses.map((results) => results.get(name) ?? NaN);
    own.forEach((loss, i) => judge(`${name} ${i + 1}`, relativeL2([loss], [values[i]!]), distance));
  }
  return found;
}

const copied = (
  parameters: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, Float64Array> =>
  new Map([...parameters].map(([name, values]) => [name, Float64Array.from(values)]));

const difference = (now: ArrayLike<number> = [], start: ArrayLike<number> = []): Float64Array =>
  Float64Array.from(now, (value, i) => value - start[i]!);
