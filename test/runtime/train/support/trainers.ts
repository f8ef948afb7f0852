import { afterEach } from "vitest";
import type { Data, EpochStart } from "../../../../src/index.js";
import type { Manifest } from "../../../../src/emit/manifest.js";
import type { ManifestTraining } from "../../../../src/emit/manifest-training.js";
import { startOf, startTrainer } from "../../../../src/runtime/train/open.js";
import { trainerOptions } from "../../../../src/runtime/train/options.js";
import { planTraining } from "../../../../src/runtime/train/plan.js";
import type { Trainer } from "../../../../src/runtime/train/trainer.js";
import type {
  CrossEntropy,
  Losses,
  Numeric,
  TrainerOptions,
} from "../../../../src/runtime/train/types.js";
import { FakeAddon, manifest, trainingOf } from "./fake-trainer.js";

/** The types of the fake network. */
export interface Line {
  readonly inputs: { readonly image: readonly [4] };
  readonly outputs: { readonly prob: readonly [3]; readonly box: readonly [2] };
  readonly aux: { readonly aux_1: readonly [3] };
  readonly stages: Record<never, never>;
  readonly losses: { readonly prob: CrossEntropy; readonly box: Numeric };
}

export type LineLosses = Line["losses"];

interface Changed {
  readonly manifest?: Partial<Manifest>;
  readonly training?: Partial<ManifestTraining>;
}

/** Makes trainers of the fake network, each disposed of after its test. */
export function fakeTrainers(): {
  start: <const L extends Losses<Line> = LineLosses>(
    options?: TrainerOptions<Line, L>,
    changed?: Changed,
  ) => Promise<{ trainer: Trainer<Line, L>; addon: FakeAddon }>;
} {
  const open: AsyncDisposable[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((trainer) => trainer[Symbol.asyncDispose]()));
  });
  return {
    start: async <const L extends Losses<Line> = LineLosses>(
      options?: TrainerOptions<Line, L>,
      changed: Changed = {},
    ) => {
      const call = "Line.trainer";
      const begin = await startOf(trainerOptions(call, options));
      const asked = begin.options;
      const trained = { ...manifest, ...changed.manifest };
      const { losses, frozen } = planTraining(
        call,
        { ...trained, train: trained.train! },
        asked,
      ).request;
      const training = { ...trainingOf(losses, frozen), ...changed.training };
      const addon = new FakeAddon(training);
      const network = { addon, manifest: { ...trained, training }, training };
      const trainer = await startTrainer<Line, L>(call, network, begin);
      open.push(trainer);
      return { trainer, addon };
    },
  };
}

/** Examples by their numbers: what is right hangs on the first of them. */
export function examples(count: number, from = 0) {
  const image = Float32Array.from(
    { length: count * 4 },
    (_, i) => Math.sin(1 + i + from * 4) + ((i >> 2) % 3 === i % 4 ? 2 : 0),
  );
  const prob = Int32Array.from({ length: count }, (_, i) => i % 3);
  const box = Float32Array.from({ length: count * 2 }, (_, i) => Math.cos(i + from));
  return { image, prob, box };
}

/** So many examples an epoch, in batches of 4 of which the last may be short; asked is kept. */
export function dataOf(count: number, known = true) {
  const asked: EpochStart[] = [];
  const data: Data<Line, LineLosses> = {
    ...(known ? { size: count } : {}),
    async *batches(epoch) {
      asked.push(epoch);
      for (let at = epoch.from * 4; at < count; at += 4) {
        // Data may wait for something.
        await Promise.resolve();
        yield examples(Math.min(4, count - at), 100 * epoch.number + at);
      }
    },
  };
  return { data, asked };
}
