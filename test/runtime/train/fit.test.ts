import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Data } from "../../../src/index.js";
import { manifest } from "./support/fake-trainer.js";
import { dataOf, examples, fakeTrainers, type Line, type LineLosses } from "./support/trainers.js";

const { start } = fakeTrainers();
const folder = mkdtempSync(join(tmpdir(), "incept-fit-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("fit", () => {
  it("goes through the epochs of the spec, drops a short last batch, and says how it went", async () => {
    const { trainer, addon } = await start();
    const { data, asked } = dataOf(10);
    const steps: string[] = [];
    const epochs: [number, number][] = [];
    const result = await trainer.fit(data, {
      onStep: ({ step, epoch }) => void steps.push(`${epoch}.${step}`),
      onEpoch: ({ epoch, train }) => void epochs.push([epoch, train]),
    });
    expect(steps).toEqual(["0.1", "0.2", "1.3", "1.4", "2.5", "2.6"]);
    expect(epochs.map(([epoch]) => epoch)).toEqual([0, 1, 2]);
    expect(epochs[2]![1]).toBeLessThan(epochs[0]![1]);
    expect(result).toMatchObject({ epochs: 3, stopped: false, last: { step: 6 } });
    expect(addon.runs.map(({ batch }) => batch)).toEqual([4, 4, 4, 4, 4, 4]);
    expect(asked).toEqual([0, 1, 2].map((number) => ({ number, seed: 0, from: 0 })));
    expect([trainer.steps, trainer.epoch]).toEqual([6, 3]);
    await expect(trainer.fit(data)).rejects.toThrow(
      "Line.trainer.fit: epochs is 3, and as many have ended (3): it counts those before too.",
    );
    expect((await trainer.fit(data, { epochs: 4 })).last?.step).toBe(8);
  });

  it("says of each epoch its mean accuracy and its last learning rate", async () => {
    const { trainer } = await start({ schedule: ({ step }) => 1 / (1 + step) });
    const { data } = dataOf(8);
    const shares: number[] = [];
    const rates: number[] = [];
    const epochs: { readonly accuracy: object; readonly learningRate: number }[] = [];
    await trainer.fit(data, {
      epochs: 2,
      onStep: ({ accuracy, learningRate }) => {
        shares.push(accuracy.prob!);
        rates.push(learningRate);
      },
      onEpoch: (epoch) => void epochs.push(epoch),
    });
    expect(epochs.map(({ accuracy }) => accuracy)).toEqual([
      { prob: (shares[0]! + shares[1]!) / 2 },
      { prob: (shares[2]! + shares[3]!) / 2 },
    ]);
    expect(epochs.map(({ learningRate }) => learningRate)).toEqual([rates[1], rates[3]]);
  });

  it.each([true, false])(
    "keeps a short last batch where it is told to (size known: %s)",
    async (known) => {
      const { trainer, addon } = await start();
      await trainer.fit(dataOf(10, known).data, { epochs: 1, lastBatch: "keep" });
      expect(addon.runs.map(({ batch }) => batch)).toEqual([4, 4, 2]);
    },
  );

  it("takes short batches before the last, whose memory the data use again", async () => {
    const { trainer, addon } = await start();
    const one = examples(4);
    const data: Data<Line, LineLosses> = {
      async *batches() {
        for (const count of [4, 3, 4, 3]) {
          await Promise.resolve();
          one.image.fill(count);
          yield {
            image: one.image.subarray(0, count * 4),
            prob: one.prob.subarray(0, count),
            box: one.box.subarray(0, count * 2),
          };
        }
      },
    };
    await trainer.fit(data, { epochs: 1 });
    expect(addon.runs.map(({ batch }) => batch)).toEqual([4, 3, 4]);
    expect(addon.runs[1]!.inputs.get("image")).toEqual(new Float32Array(12).fill(3));
  });

  it("tells data that give nothing, or something else", async () => {
    const { trainer } = await start();
    await expect(trainer.fit(dataOf(3).data)).rejects.toThrow(
      'Line.trainer.fit: epoch 0 has no step: the data gave no batch of 4 examples; lastBatch: "keep" takes shorter ones.',
    );
    const untyped = trainer as unknown as {
      fit(data: unknown, options?: unknown): Promise<unknown>;
    };
    await expect(untyped.fit([])).rejects.toThrow(
      "Line.trainer.fit: data is an Array, expected data: an object with batches(epoch), or pictures.",
    );
    await expect(untyped.fit({ batches: () => 3 })).rejects.toThrow(
      "Line.trainer.fit: data.batches is 3, expected an async iterable",
    );
    await expect(untyped.fit(dataOf(4).data, { epoch: 1 })).rejects.toThrow(
      "Line.trainer.fit: there is no option epoch; did you mean epochs?",
    );
    await expect(
      untyped.fit(dataOf(4).data, { checkpoints: { directory: folder, every: {} } }),
    ).rejects.toThrow("checkpoints.every is an Object, expected an object such as { steps: 1000 }");
    expect(trainer.steps).toBe(0);
  });

  it("ends after the step when it is aborted, and goes on within the epoch", async () => {
    const { trainer } = await start();
    const { data, asked } = dataOf(16);
    const abort = new AbortController();
    const result = await trainer.fit(data, {
      signal: abort.signal,
      onStep: ({ step }) => {
        if (step === 6) abort.abort();
      },
    });
    expect(result).toMatchObject({ epochs: 1, stopped: true, last: { step: 6 } });
    expect((await trainer.fit(data)).last?.step).toBe(12);
    expect(asked.map(({ number, from }) => [number, from])).toEqual([
      [0, 0],
      [1, 0],
      [1, 2],
      [2, 0],
    ]);
    const { trainer: other } = await start();
    const early = other.fit(data, { signal: AbortSignal.abort(new Error("too early")) });
    await expect(early).rejects.toThrow("too early");
  });

  it("waits no longer for data when it is aborted", async () => {
    const { trainer } = await start();
    const abort = new AbortController();
    const data: Data<Line, LineLosses> = {
      async *batches() {
        yield examples(4);
        abort.abort();
        await new Promise(() => undefined);
      },
    };
    const result = await trainer.fit(data, { signal: abort.signal });
    expect(result).toMatchObject({ epochs: 0, stopped: true, last: { step: 1 } });
  });

  it("ends with what a callback throws, and keeps the step", async () => {
    const { trainer } = await start();
    let closed = false;
    const data: Data<Line, LineLosses> = {
      async *batches() {
        try {
          for (;;) yield await Promise.resolve(examples(4));
        } finally {
          closed = true;
        }
      },
    };
    const fitting = trainer.fit(data, {
      onStep: () => Promise.reject(new Error("full")),
    });
    await expect(trainer.fit(data)).rejects.toThrow("a fit is under way already");
    await expect(fitting).rejects.toThrow("full");
    expect([trainer.steps, closed]).toEqual([1, true]);
  });

  it("drops a last example of its own where a norm could not be trained on it", async () => {
    const { trainer, addon } = await start({}, { training: { oneValue: ["stem.1"] } });
    const result = await trainer.fit(dataOf(9).data, { epochs: 1 });
    expect(result.last?.step).toBe(2);
    expect(addon.runs.map(({ batch }) => batch)).toEqual([4, 4]);
    await expect(
      trainer.fit(dataOf(9).data, { epochs: 2, lastBatch: "keep" }),
    ).rejects.toMatchObject({ code: "train/one-value" });
  });

  it("passes on what data throw that are no asynchronous ones", async () => {
    const { trainer } = await start();
    const untyped = trainer as unknown as { fit(data: unknown): Promise<unknown> };
    const data = {
      *batches() {
        yield examples(4);
        throw new Error("no such picture");
      },
    };
    await expect(untyped.fit(data)).rejects.toThrow("no such picture");
  });

  it("warns where a cosine ends before the epochs do", async () => {
    const warned: string[] = [];
    const listen = ({ message }: Error): void => void warned.push(message);
    process.on("warning", listen);
    const { trainer } = await start({ schedule: { kind: "cosine", epochs: 2 } });
    await trainer.fit(dataOf(8).data, { epochs: 2 });
    await trainer.fit(dataOf(8).data, { epochs: 3 });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warned.filter((text) => text.includes("cosine"))).toEqual([
      expect.stringContaining("epochs is 3, but the cosine schedule has come down to 0 after 2"),
    ]);
  });

  it("stops when onEpoch says so", async () => {
    const { trainer } = await start();
    const { data } = dataOf(8);
    const result = await trainer.fit(data, {
      validate: data,
      onEpoch: ({ epoch, validation }) =>
        epoch === 1 && validation!.outputs.prob.top1! >= 0 ? "stop" : undefined,
    });
    expect(result).toMatchObject({ epochs: 2, stopped: true });
  });

  it.each([
    [true, [0.5, 1, 1, 1, 0.5, 0.5]],
    [false, [0.5, 0.5, 1, 1, 0.5, 0.5]],
  ])("follows a cosine with warmup by epochs (size known: %s)", async (known, factors) => {
    const { trainer } = await start({
      optimizer: { kind: "sgd", lr: 1 },
      schedule: { kind: "cosine", epochs: 4, warmup: 1 },
    });
    const rates: number[] = [];
    await trainer.fit(dataOf(8, known).data, {
      epochs: 3,
      onStep: ({ learningRate }) => void rates.push(learningRate),
    });
    const cosine = [0, 1, 2, 3].map((at) => (1 + Math.cos((Math.PI * at) / 6)) / 2);
    const expected = [...factors.slice(0, 2), ...cosine];
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 10));
  });
});

describe("evaluate", () => {
  /** One batch, and then nothing more for ever. */
  const hanging = (begun: () => void): Data<Line, LineLosses> => ({
    async *batches() {
      yield examples(4);
      begun();
      await new Promise(() => undefined);
    },
  });

  it("waits no longer for data when it is aborted", async () => {
    const { trainer } = await start();
    const abort = new AbortController();
    const data = hanging(() => abort.abort(new Error("enough")));
    await expect(trainer.evaluate(data, { signal: abort.signal })).rejects.toThrow("enough");
    expect((await trainer.evaluate(dataOf(4).data)).examples).toBe(4);
  });

  it("ends where it was asked for before the trainer was disposed", async () => {
    const { trainer, addon } = await start();
    const found = trainer.evaluate(dataOf(8).data);
    await trainer.dispose();
    expect((await found).examples).toBe(8);
    expect(addon.alive).toBe(0);
    await expect(trainer.evaluate(dataOf(8).data)).rejects.toMatchObject({
      code: "train/disposed",
    });
  });

  it("says what the network is worth, the short last batch included", async () => {
    const { trainer, addon } = await start({
      weights: {
        "prob.weight": Float32Array.from({ length: 12 }, (_, i) => (i % 5 === 0 ? 200 : 0)),
        "prob.bias": new Float32Array(3),
        "box.weight": new Float32Array(8),
        "box.bias": Float32Array.of(1, 2),
        "norm.running_mean": new Float32Array(4),
        ...Object.fromEntries(
          manifest.train!.heads[0]!.parameters.map(({ name, shape }) => [
            name,
            new Float32Array(shape.reduce((a, b) => a * b, 1)),
          ]),
        ),
      },
    });
    // The class of an image is where its 1 stands; the last one is labelled wrong.
    const one = (c: number): number[] => [0, 1, 2, 3].map((i) => (i === c ? 1 : 0));
    const data: Data<Line, LineLosses> = {
      async *batches() {
        await Promise.resolve();
        yield {
          image: Float32Array.from([0, 1, 2, 0, 1].flatMap(one)),
          prob: Int32Array.of(0, 1, 2, 0, 1),
          box: Float32Array.from([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]),
        };
        yield {
          image: Float32Array.from(one(2)),
          prob: Int32Array.of(0),
          box: Float32Array.of(0, 2),
        };
      },
    };
    const found = await trainer.evaluate(data);
    expect(found.examples).toBe(6);
    expect(found.outputs.prob.top1).toBeCloseTo(5 / 6, 10);
    expect(found.outputs.prob.top5).toBe(1);
    expect([...found.outputs.prob.confusion!]).toEqual([2, 0, 1, 0, 2, 0, 0, 0, 1]);
    expect(found.outputs.box.loss).toBeCloseTo(1 / 12, 10);
    // e^-200 is 0 in f32: PyTorch's limit of 100, and 0 for those that are right.
    expect(found.outputs.prob.loss).toBeCloseTo(100 / 6, 3);
    expect(found.loss).toBeCloseTo(found.outputs.prob.loss + found.outputs.box.loss, 10);
    expect(Object.keys(found.outputs)).toEqual(["prob", "box"]);
    const alive = addon.alive;
    await trainer.evaluate(data);
    expect(addon.alive).toBe(alive);
    await trainer.step(examples(4));
    expect(await trainer.evaluate(data)).not.toEqual(found);
    expect(addon.alive).toBe(alive);
    await trainer.dispose();
    expect(addon.alive).toBe(0);
  });

  it("costs what training costs, where nothing but mode differs", async () => {
    const loss = {
      prob: { kind: "cross_entropy", labelSmoothing: 0.25, classWeights: [1, 2, 3], ignore: 2 },
      box: { kind: "mean_squared_error" },
    } as const;
    const { trainer } = await start({ loss, auxWeights: { aux_1: 0 } });
    const batch = examples(4);
    const batches = async function* () {
      yield await Promise.resolve(batch);
    };
    const found = await trainer.evaluate({ batches });
    const { losses } = await trainer.step(batch);
    expect(found.outputs.prob.loss).toBeCloseTo(losses.prob, 5);
    expect(found.outputs.box.loss).toBeCloseTo(losses.box, 5);
    expect(found.loss).toBeCloseTo(losses.prob + losses.box, 5);
  });

  it("tells data that give nothing, and is aborted", async () => {
    const { trainer } = await start();
    await expect(trainer.evaluate(dataOf(0, false).data)).rejects.toThrow(
      "Line.trainer.evaluate: the data gave no batch.",
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(trainer.evaluate(dataOf(4).data, { signal })).rejects.toThrow("enough");
  });
});
