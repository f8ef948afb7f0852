/** Holds a trainer, whatever it is made of, against what PyTorch has made of the same batches. */
import { mixed } from "../../src/runtime/weights/random.js";
import { relativeL2 } from "./compare.js";
import type { Change, TrainingFixture, TrainingInputs } from "./training-fixtures.js";

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
      if (changed.length !== change.count) judge(`${what}: count`, Infinity, 0);
      else judgeChange(change, changed, (how, ...far) => judge(`${what}: ${how}`, ...far));
    }
  }
  for (const [name, { values, distance }] of Object.entries(fixture.results)) {
    const own = losses.map((results) => results.get(name) ?? NaN);
    own.forEach((loss, i) => judge(`${name} ${i + 1}`, relativeL2([loss], [values[i]!]), distance));
  }
  return found;
}

/** Sixteen numbers one by one, and by sketches all of them. */
function judgeChange(
  { at, norm, sketch, distance, atDistance }: Change,
  changed: Float64Array,
  judge: (how: string, distance: number, own: number) => void,
): void {
  const places = positions(changed.length, at.length);
  judge(
    "some",
    relativeL2(
      Float64Array.from(places, (i) => changed[i]!),
      at,
    ),
    atDistance,
  );
  const own = sketchOf(changed, sketch.length);
  const square = own.reduce((sum, value, j) => sum + (value - sketch[j]!) ** 2, 0) / own.length;
  judge("all", Math.sqrt(square) / norm, distance);
}

/** All of a small tensor, else places drawn from it. */
const positions = (count: number, kept: number): readonly number[] =>
  Array.from({ length: kept }, (_, i) => (kept === count ? i : (mixed(count, i) >>> 0) % count));

/** Sums of all values with signs: in sketch j minus where bit j of `mixed(count, i)` is not set. */
function sketchOf(values: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  values.forEach((value, i) => {
    const bits = mixed(values.length, i);
    for (let j = 0; j < size; j++) sums[j]! += (bits >>> j) & 1 ? value : -value;
  });
  return sums;
}

const copied = (
  parameters: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, Float64Array> =>
  new Map([...parameters].map(([name, values]) => [name, Float64Array.from(values)]));

const difference = (now: ArrayLike<number> = [], start: ArrayLike<number> = []): Float64Array =>
  Float64Array.from(now, (value, i) => value - start[i]!);
