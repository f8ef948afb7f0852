import { describe, expect, it } from "vitest";
import { examples, fakeTrainers } from "./support/trainers.js";

const { start } = fakeTrainers();

describe("a step", () => {
  it("says what it has cost, unweighted by name and weighted in all", async () => {
    const { trainer, addon } = await start({ optimizer: { kind: "sgd", lr: 0.25 } });
    const result = await trainer.step(examples(3));
    const { prob, box, aux_1 } = result.losses;
    expect(result).toMatchObject({ step: 1, learningRate: 0.25 });
    expect(result.loss).toBeCloseTo(prob + box + 0.5 * aux_1, 5);
    expect(Object.keys(result.accuracy)).toEqual(["prob"]);
    expect(result.accuracy.prob! * 3).toBeCloseTo(Math.round(result.accuracy.prob! * 3), 5);
    expect(result.gradientNorm).toBeGreaterThan(0);
    expect(trainer.steps).toBe(1);
    expect(addon.runs[0]!.batch).toBe(3);
  });

  it("brings the loss down", async () => {
    const { trainer } = await start({ optimizer: { kind: "adam", lr: 0.1 } });
    const first = await trainer.step(examples(4));
    for (let i = 0; i < 100; i++) await trainer.step(examples(4));
    const last = await trainer.step(examples(4));
    expect(last.step).toBe(102);
    expect(last.loss).toBeLessThan(first.loss / 10);
    expect(last.accuracy.prob).toBe(1);
  });

  it("gives the program its numbers: weights, smoothing, random numbers' seed and step", async () => {
    const { trainer, addon } = await start({
      loss: {
        prob: { kind: "cross_entropy", labelSmoothing: 0.125, classWeights: [1, 2, 3], ignore: -1 },
      },
      auxWeights: { aux_1: 0.25 },
      optimizer: { kind: "sgd", nesterov: true, weightDecay: 0.5 },
      clipNorm: 2,
      average: 0.5,
      seed: 0xffffffff,
    });
    await trainer.step({ image: new Float32Array(8), prob: Int32Array.of(2, -1) });
    await trainer.step({ image: new Float32Array(8), prob: Uint8Array.of(2, 1) });
    const [first, second] = addon.runs;
    expect(Object.fromEntries(first!.inputs)).toEqual({
      image: new Float32Array(8),
      "prob:target": Int32Array.of(2, -1),
      "prob:loss_weight": Float32Array.of(1),
      "prob:smoothing": Float32Array.of(0.125),
      "prob:class_weights": Float32Array.of(1, 2, 3),
      "aux_1:loss_weight": Float32Array.of(0.25),
      "aux_1:smoothing": Float32Array.of(0.125),
      "aux_1:class_weights": Float32Array.of(1, 2, 3),
      "training:random": Int32Array.of(-1, 1),
    });
    expect(second!.inputs.get("training:random")).toEqual(Int32Array.of(-1, 2));
    expect(second!.inputs.get("prob:target")).toEqual(Int32Array.of(2, 1));
    expect(first!.numbers).toEqual({
      ...{ step: 1, rate: 0.1, decay: 0.5, momentum: 0.9, nesterov: 1 },
      ...{ beta1: 0, beta2: 0, alpha: 0, eps: 0, clipNorm: 2, average: 2 / 11 },
    });
    expect(second!.numbers.average).toBe(3 / 12);
    for (let i = 0; i < 7; i++)
      await trainer.step({ image: new Float32Array(8), prob: Uint8Array.of(1, 1) });
    expect(addon.runs.map(({ numbers }) => numbers.average).slice(6)).toEqual([8 / 17, 0.5, 0.5]);
  });

  it("takes what it was handed over, whatever becomes of it meanwhile", async () => {
    const { trainer, addon } = await start();
    const batch = examples(2);
    const copy = structuredClone(batch);
    const stepping = trainer.step(batch);
    for (const array of Object.values(batch)) array.fill(0);
    await stepping;
    expect(addon.runs[0]!.inputs.get("image")).toEqual(copy.image);
    expect(addon.runs[0]!.inputs.get("box:target")).toEqual(copy.box);
  });

  it("waits for the one before, and leaves the line when it is aborted", async () => {
    const { trainer, addon } = await start();
    let open = (): void => undefined;
    addon.gate = new Promise((resolve) => (open = resolve));
    const [abort, late] = [new AbortController(), new AbortController()];
    const first = trainer.step(examples(1), { signal: late.signal });
    const second = trainer.step(examples(2), { signal: abort.signal });
    const third = trainer.step(examples(3));
    await Promise.resolve();
    abort.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    expect(addon.runs).toHaveLength(1);
    late.abort();
    open();
    expect((await first).step).toBe(1);
    expect((await third).step).toBe(2);
    expect(addon.runs.map(({ batch }) => batch)).toEqual([1, 3]);
    await expect(trainer.step(examples(1), { signal: abort.signal })).rejects.toThrow("enough");
    expect(trainer.steps).toBe(2);
  });

  it("that is not finite rejects with help and counts for nothing", async () => {
    const { trainer, addon } = await start();
    await trainer.step(examples(2));
    const before = await trainer.parameters();
    const bad = { ...examples(2), box: new Float32Array(4).fill(Infinity) };
    await expect(trainer.step(bad)).rejects.toMatchObject({
      name: "InceptError",
      code: "train/not-finite",
      message: expect.stringContaining("line.incept:3:5") as string,
      help: expect.stringContaining("clipNorm") as string,
    });
    expect(trainer.steps).toBe(1);
    expect(await trainer.parameters()).toEqual(before);
    expect((await trainer.step(examples(2))).step).toBe(2);
    expect(addon.runs.at(-1)!.numbers.step).toBe(2);
  });

  it("after dispose is refused, those asked for before are made", async () => {
    const { trainer, addon } = await start();
    const under = trainer.step(examples(1));
    const waiting = trainer.step(examples(1));
    const closed = trainer.dispose();
    await closed;
    expect([(await under).step, (await waiting).step]).toEqual([1, 2]);
    expect(addon.alive).toBe(0);
    await expect(trainer.step(examples(1))).rejects.toMatchObject({ code: "train/disposed" });
    await expect(trainer.parameters()).rejects.toMatchObject({ code: "train/disposed" });
  });
});

describe("a batch that is wrong", () => {
  const wrong = async (batch: object): Promise<string> => {
    const { trainer, addon } = await start();
    const untyped = trainer as unknown as { step(batch: object): Promise<unknown> };
    const error = await untyped.step(batch).then(
      () => "nothing was wrong",
      (reason: Error) => `${reason.name}: ${reason.message}`,
    );
    expect(addon.runs).toHaveLength(0);
    expect(trainer.steps).toBe(0);
    return error;
  };

  const good = examples(2);

  it.each<[string, object, string]>([
    [
      "a label above the classes",
      { ...good, prob: Int32Array.of(0, 3) },
      "RangeError: Line.trainer.step: prob[1] is 3, expected a class index of 0 to 2.",
    ],
    [
      "a label below 0",
      { ...good, prob: Int32Array.of(-1, 0) },
      "RangeError: Line.trainer.step: prob[0] is -1, expected a class index of 0 to 2.",
    ],
    [
      "labels of another type",
      { ...good, prob: new Float32Array(2) },
      "TypeError: Line.trainer.step: prob is a Float32Array, expected class indices in an Int32Array (or Uint8Array).",
    ],
    [
      "labels in a Buffer",
      { ...good, prob: Buffer.alloc(2) },
      "TypeError: Line.trainer.step: prob is a Buffer, expected class indices in an Int32Array (or Uint8Array); write new Uint8Array(b).",
    ],
    [
      "numbers of another type",
      { ...good, box: new Int32Array(4) },
      "TypeError: Line.trainer.step: box is an Int32Array, expected numbers in a Float32Array.",
    ],
    [
      "numbers that are not whole examples",
      { ...good, box: new Float32Array(3) },
      "TypeError: Line.trainer.step: box holds 3 values, expected a multiple of 2.",
    ],
    [
      "targets of another count",
      { ...good, prob: new Int32Array(3) },
      "TypeError: Line.trainer.step: prob holds a batch of 3, image one of 2.",
    ],
    [
      "no labels",
      { image: good.image, box: good.box },
      "TypeError: Line.trainer.step: the targets of prob are missing.",
    ],
    [
      "no values",
      { ...good, prob: new Int32Array(0) },
      "TypeError: Line.trainer.step: prob holds 0 values, expected a class index an image.",
    ],
    [
      "a name that there is not",
      { ...good, boxx: good.box },
      "TypeError: Line.trainer.step: there is no input or target boxx; did you mean box?",
    ],
    [
      "an input of another type",
      { ...good, image: [1, 2] },
      "TypeError: Line.trainer.step: image is an Array, expected a Float32Array (or Uint8Array).",
    ],
    [
      "more examples than were said",
      examples(5),
      "RangeError: Line.trainer.step: the batch has 5 examples, and the trainer was made for at most 4; make it with a larger batch.",
    ],
    [
      "no object",
      new Float32Array(8),
      "TypeError: Line.trainer.step: expected inputs and targets by name, { image: …, prob: …, box: … }.",
    ],
  ])("%s", async (_, batch, message) => {
    expect(await wrong(batch)).toBe(message);
  });

  it("has targets of an output that is not trained", async () => {
    const { trainer } = await start({ loss: { prob: { kind: "cross_entropy" } } });
    await expect(trainer.step(examples(2))).rejects.toThrow(
      "Line.trainer.step: box is not trained and takes no targets; give it a loss when the trainer is made.",
    );
  });

  it("takes the index that is ignored, and names it beside the others", async () => {
    const { trainer } = await start({ loss: { prob: { kind: "cross_entropy", ignore: 255 } } });
    const { image } = good;
    await trainer.step({ image, prob: Uint8Array.of(255, 1) });
    await expect(trainer.step({ image, prob: Uint8Array.of(254, 1) })).rejects.toThrow(
      "prob[0] is 254, expected a class index of 0 to 2, or 255.",
    );
  });

  it("has one value a channel where a norm measures", async () => {
    const { trainer } = await start({}, { training: { oneValue: ["stem.1"] } });
    await expect(trainer.step(examples(1))).rejects.toMatchObject({
      code: "train/one-value",
      message: expect.stringContaining("stem.1") as string,
    });
    await trainer.step(examples(2));
  });
});
