/** `class Trainer` of the addon, around the hand-written network: what reaches the C ABI and comes back. */
import { beforeAll, describe, expect, test } from "vitest";
import { handMade } from "./build.js";

type Numbers = Float32Array | Int32Array;
type Parameters = readonly (Float32Array | undefined)[];

interface Trainer {
  open(
    names: readonly string[],
    arrays: readonly Float32Array[],
    rates: Float64Array,
    options: object,
  ): Promise<void>;
  train(
    batch: number,
    inputs: readonly Numbers[],
    numbers: object,
    results: Float32Array,
  ): Promise<number>;
  read(kept: string, arrays: Parameters): Promise<void>;
  write(kept: string, arrays: Parameters): Promise<void>;
  dispose(): void;
}

interface Addon {
  describe(): { readonly training: unknown };
  readonly Trainer: new () => Trainer;
}

let addon: Addon;

beforeAll(async () => {
  const module = { exports: {} };
  process.dlopen(module, (await handMade()).addon);
  addon = module.exports as Addon;
});

const count = 9000;
const names = ["frozen", "mean", "weight", "bias"];
const zeros = (): Float32Array[] => [5000, 6, count, 6].map((n) => new Float32Array(n));
const options = { threads: 2, batch: 4, optimizer: "rmsprop", average: true };
const rates = Float64Array.of(1, 1, 1, 1, 1, 1, 0.5, 0);
const numbers = {
  ...{ step: 1, rate: 0.1, decay: 0.5, momentum: 0, nesterov: 0, beta1: 0.9, beta2: 0.999 },
  ...{ alpha: 0.75, eps: 0, clipNorm: 0, average: 0.5 },
};

/** Weights are 0, and the biases 1. */
async function opened(own: object = {}): Promise<Trainer> {
  const trainer = new addon.Trainer();
  const values = zeros();
  values[3]!.fill(1);
  await trainer.open(names, values, rates, { ...options, ...own });
  return trainer;
}

/** Two images whose x is 1 and 3, and whose targets are 0. */
const batch = (): Numbers[] => [
  new Float32Array(2 * count).fill(1, 0, count).fill(3, count),
  new Int32Array(12),
  Float32Array.of(0.5),
];

test("describe() tells what a batch takes and gives", () => {
  const port = (name: string, n: number, dtype = "f32") => ({ name, shape: [n], dtype });
  expect(addon.describe().training).toEqual({
    inputs: [
      { ...port("x", count), extent: "image" },
      { ...port("target", 6, "i32"), extent: "image" },
      { ...port("scale", 1), extent: "batch" },
    ],
    results: ["loss", "loss:y"],
    parameters: [port("frozen", 5000), port("mean", 6), port("weight", count), port("bias", 6)],
    imageBytes: 4 * count + 128,
    batchBytes: 128,
    threadBytes: 100,
    weightBytes: 4 * (count + 6),
  });
});

test("a batch gives its results and norm, and every number of it reaches the formula", async () => {
  const trainer = await opened();
  const results = new Float32Array(2);
  const norm = await trainer.train(2, batch(), numbers, results);
  // Gradients: 0.5 * (0 - 2) of each weight, and 1 of each bias.
  expect(norm).toBeCloseTo(Math.sqrt(count + 6), 9);
  expect([...results]).toEqual(Array(2).fill(Math.fround(((count * 5) / 2) * 0.5 + 3)));
  const [values, square, velocity, average] = await Promise.all(
    ["values", "moment_1", "moment_2", "average"].map(async (kept) => {
      const arrays = zeros();
      await trainer.read(kept, arrays);
      return arrays.map((array) => array[array.length - 1]);
    }),
  );
  // slope is -1 of a weight and 1 of a bias: no decay of either, one is 0 and one has a factor 0.
  expect(square).toEqual([0, 0, 0.25, 0.25]);
  expect(velocity).toEqual([0, 0, -2, 2]);
  expect(values).toEqual([0, 0, Math.fround(0.2), Math.fround(0.9)]);
  expect(average).toEqual([0, 0, Math.fround(0.1), Math.fround(0.95)]);
  trainer.dispose();
});

test("what is written is read again, and undefined leaves a parameter out", async () => {
  const trainer = await opened();
  const written = [, , new Float32Array(count).fill(5)];
  await trainer.write("moment_1", [undefined, undefined, written[2], undefined]);
  const arrays = zeros();
  await trainer.read("moment_1", [arrays[0], undefined, arrays[2], undefined]);
  expect(arrays[2]).toEqual(written[2]);
  trainer.dispose();
});

test("a batch that is not finite rejects with its code, and the next one goes on", async () => {
  const trainer = await opened();
  const bad = batch();
  bad[0]![count] = NaN;
  await expect(trainer.train(2, bad, numbers, new Float32Array(2))).rejects.toMatchObject({
    code: "train/not-finite",
    message: expect.stringContaining("the input x") as string,
  });
  const norm = await trainer.train(2, batch(), numbers, new Float32Array(2));
  expect(norm).toBeCloseTo(Math.sqrt(count + 6), 9);
  trainer.dispose();
});

test("calls at once come one after the other, and dispose lets them end", async () => {
  const trainer = await opened();
  const norms = Array.from({ length: 3 }, () =>
    trainer.train(2, batch(), numbers, new Float32Array(2)),
  );
  trainer.dispose();
  trainer.dispose();
  const [first, second, third] = await Promise.all(norms);
  expect(new Set([first, second, third]).size).toBe(3);
  await expect(async () => trainer.read("values", zeros())).rejects.toThrow("not open");
});

describe("a mistake of the caller is an error", () => {
  const refused: readonly [string, (trainer: Trainer) => Promise<unknown>, string][] = [
    ["batch", (t) => t.train(0, batch(), numbers, new Float32Array(2)), "out of range"],
    ["large batch", (t) => t.train(2 ** 40, batch(), numbers, new Float32Array(2)), "out of range"],
    ["inputs", (t) => t.train(2, batch().slice(1), numbers, new Float32Array(2)), "wrong length"],
    ["size", (t) => t.train(3, batch(), numbers, new Float32Array(2)), "wrong number of values"],
    [
      "dtype",
      (t) => t.train(2, batch().reverse(), numbers, new Float32Array(2)),
      "x must be a Float32Array|wrong number of values",
    ],
    ["results", (t) => t.train(2, batch(), numbers, new Float32Array(1)), "wrong number of values"],
    ["kept", (t) => t.read("moments", zeros()), "kept is unknown: moments"],
    ["arrays", (t) => t.read("values", zeros().slice(1)), "wrong length"],
    ["array", (t) => t.write("values", zeros().reverse()), "wrong number of values"],
    ["rates", (t) => t.open(names, zeros(), new Float64Array(7), options), "two numbers"],
    [
      "optimizer",
      (t) => t.open(names, zeros(), rates, { ...options, optimizer: "lion" }),
      "optimizer is unknown: lion",
    ],
  ];
  test.each(refused)("%s", async (_, call, message) => {
    const trainer = await opened();
    await expect(async () => call(trainer)).rejects.toThrow(new RegExp(message));
    trainer.dispose();
  });

  test.each([
    ["train/batch", { batch: 0 }, names],
    ["weights/missing", {}, ["frozen", "mean", "weight", "b"]],
  ])("%s", async (code, own, given) => {
    const opening = new addon.Trainer().open(given, zeros(), rates, { ...options, ...own });
    await expect(opening).rejects.toMatchObject({ code });
  });

  test("more images than it was opened for", async () => {
    const trainer = await opened({ batch: 1 });
    const training = trainer.train(2, batch(), numbers, new Float32Array(2));
    await expect(training).rejects.toMatchObject({ code: "train/batch" });
    trainer.dispose();
  });
});
