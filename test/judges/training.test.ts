/** Whole runs of training against PyTorch's, from the same weights and batches. */
import { expect, test } from "vitest";
import { InterpretedTrainer } from "../support/interpreted-trainer.js";
import { trainingFixture } from "../support/training-fixtures.js";
import { asDouble, judgeTraining } from "../support/training-judge.js";

/** As many batches as a plain interpreter takes seconds for. */
test.each([
  ["small-sgd", 10],
  ["small-adam", 10],
  ["small-adamw", 10],
  ["small-rmsprop", 10],
  ["cifar-inception", 2],
  ["simple-inception", 1],
])("%s, interpreted in f64", async (name, batches) => {
  const fixture = trainingFixture(name);
  const trainer = new InterpretedTrainer(fixture);
  expect(await judgeTraining(fixture, trainer, asDouble, batches)).toEqual([]);
});
