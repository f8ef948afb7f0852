/** Whole runs of training against PyTorch's, from the same weights and batches. */
import { expect, test } from "vitest";
import { InterpretedTrainer } from "../support/interpreted-trainer.js";
import { trainingFixture } from "../support/training-fixtures.js";
import {
  asDouble,
  asSingle,
  judgeTraining,
  type JudgedTrainer,
} from "../support/training-judge.js";

/** As many batches as a plain interpreter takes seconds for; it is too slow for the larger networks. */
const interpreted = [
  ["small-sgd", 10],
  ["small-adam", 10],
  ["small-adamw", 10],
  ["small-rmsprop", 10],
  ["cifar-inception", 1],
] as const;

test.each(interpreted)("%s, interpreted in f64", async (name, batches) => {
  const fixture = trainingFixture(name);
  const trainer = new InterpretedTrainer(fixture);
  expect(await judgeTraining(fixture, trainer, asDouble, batches)).toEqual([]);
});

test("a trainer that is wrong in one number of one tensor is found", async () => {
  const fixture = trainingFixture("small-sgd");
  const right = new InterpretedTrainer(fixture);
  const wrong: JudgedTrainer = {
    batch: (inputs) => right.batch(inputs),
    parameters: async () => {
      const all = new Map(await right.parameters());
      const weight = Float64Array.from(all.get("fc.weight")!);
      const moved = weight[613]! - fixture.weights.get("fc.weight")![613]!;
      weight[613]! -= 0.5 * moved;
      return all.set("fc.weight", weight);
    },
  };
  const misses = await judgeTraining(fixture, wrong, asSingle, 1);
  expect(misses.map(({ what }) => what)).toEqual(["fc.weight after 1: all"]);
});
