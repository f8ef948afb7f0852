import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { optimizerDefaults } from "../../../src/ops/training/settings.js";
import { trainerOptions } from "../../../src/runtime/train/options.js";
import { planTraining } from "../../../src/runtime/train/plan.js";
import { float32Tensor, writeSafetensors } from "../../../src/checkpoints/safetensors/write.js";
import { manifest } from "./support/fake-trainer.js";
import { examples, fakeTrainers } from "./support/trainers.js";

const { start } = fakeTrainers();
const folder = mkdtempSync(join(tmpdir(), "incept-trainer-"));
afterAll(() => rmSync(folder, { recursive: true }));

const planned = (options: object) =>
  planTraining(
    "Line.trainer",
    { ...manifest, train: manifest.train! },
    trainerOptions("Line.trainer", options),
  );

const refused = (options: object): string => {
  try {
    planned(options);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "nothing was refused";
};

const mse = { kind: "mean_squared_error" } as const;
const entropy = { kind: "cross_entropy" } as const;

describe("a trainer's options", () => {
  it.each<[string, object, string]>([
    [
      "loss of what there is not",
      { loss: { prbo: entropy } },
      "TypeError: Line.trainer: there is no output prbo; did you mean prob?",
    ],
    [
      "loss of nothing",
      { loss: {} },
      "TypeError: Line.trainer: loss names no output; Line has prob, box.",
    ],
    [
      "a kind that there is not",
      { loss: { prob: { kind: "crossentropy" } } },
      'RangeError: Line.trainer: loss.prob.kind is "crossentropy", expected "cross_entropy", "mean_squared_error" or "sigmoid_cross_entropy".',
    ],
    ["no kind", { loss: { prob: {} } }, "TypeError: Line.trainer: loss.prob.kind is missing."],
    [
      "a loss that is a word",
      { loss: { prob: "cross_entropy" } },
      'TypeError: Line.trainer: loss.prob is "cross_entropy", expected an object such as { kind: "cross_entropy" }.',
    ],
    [
      "an option of another loss",
      { loss: { box: { ...mse, labelSmoothing: 0.1 } } },
      "TypeError: Line.trainer: there is no option loss.box.labelSmoothing; it has kind.",
    ],
    [
      "a misspelt option of a loss",
      { loss: { prob: { ...entropy, labelSmothing: 0.1 } } },
      "TypeError: Line.trainer: there is no option loss.prob.labelSmothing; did you mean labelSmoothing?",
    ],
    [
      "all smoothing",
      { loss: { prob: { ...entropy, labelSmoothing: 1 } } },
      "RangeError: Line.trainer: loss.prob.labelSmoothing is 1, expected a number from 0 to below 1.",
    ],
    [
      "another number of class weights",
      { loss: { prob: { ...entropy, classWeights: [1, 2] } } },
      "TypeError: Line.trainer: loss.prob.classWeights has 2 numbers, expected one for each of 3 classes.",
    ],
    [
      "class weights of nothing",
      { loss: { prob: { ...entropy, classWeights: [0, 0, 0] } } },
      "TypeError: Line.trainer: loss.prob.classWeights is an Array, expected a list of numbers of at least 0, not all of them 0.",
    ],
    [
      "an index that is none",
      { loss: { prob: { ...entropy, ignore: 0.5 } } },
      "RangeError: Line.trainer: loss.prob.ignore is 0.5, expected a whole number of 32 bits.",
    ],
    [
      "a head that there is not",
      { auxWeights: { aux_2: 1 } },
      "TypeError: Line.trainer: there is no auxiliary head aux_2; did you mean aux_1?",
    ],
    [
      "no batch",
      { batch: 0 },
      "RangeError: Line.trainer: batch is 0, expected a whole number of 1 to 65536.",
    ],
    [
      "an optimizer's number out of range",
      { optimizer: { kind: "adam", lr: NaN } },
      "RangeError: Line.trainer: optimizer.lr is NaN, expected a number above 0.",
    ],
    [
      "a number of another optimizer",
      { optimizer: { kind: "adam", momentum: 0.9 } },
      "TypeError: Line.trainer: there is no option optimizer.momentum; it has kind, lr, beta1, beta2, eps, weightDecay.",
    ],
    [
      "a schedule without its end",
      { schedule: { kind: "cosine" } },
      "TypeError: Line.trainer: schedule.epochs is missing.",
    ],
    [
      "a warmup of all epochs",
      { schedule: { kind: "cosine", epochs: 3, warmup: 3 } },
      "RangeError: Line.trainer: schedule.warmup is 3, expected fewer than the 3 epochs.",
    ],
    [
      "a pattern that nothing fits",
      { learningRates: { "prbo.*": 0 } },
      "TypeError: Line.trainer: learningRates has the pattern prbo.*, which fits no parameter that learns; did you mean prob.*?",
    ],
    [
      "a rate of statistics",
      { learningRates: { "norm.running_mean": 0 } },
      "TypeError: Line.trainer: learningRates has the pattern norm.running_mean, which fits no parameter that learns; it has prob.weight, prob.bias, box.weight, …",
    ],
    [
      "a negative rate",
      { learningRates: { "*": -1 } },
      "RangeError: Line.trainer: learningRates.* is -1, expected a number of at least 0.",
    ],
    [
      "no norm",
      { clipNorm: 0 },
      "RangeError: Line.trainer: clipNorm is 0, expected a number above 0.",
    ],
    [
      "a seed of 33 bits",
      { seed: 2 ** 32 },
      "RangeError: Line.trainer: seed is 4294967296, expected a whole number of 0 to 4294967295.",
    ],
    [
      "both a start and a resume",
      { resume: "a", weights: "b" },
      "TypeError: Line.trainer: resume brings its own weights; leave weights out.",
    ],
    [
      "fresh alone",
      { fresh: ["*"] },
      "TypeError: Line.trainer: fresh is for parameters that weights has; without weights all parameters are.",
    ],
    [
      "a rename of nothing",
      { rename: { a: "b" } },
      "TypeError: Line.trainer: rename is for weights; name some.",
    ],
    [
      "an order and what it has no place for",
      { weights: "a", byOrder: true, fresh: ["prob.*"] },
      "TypeError: Line.trainer: byOrder pairs all parameters, and fresh leaves some out; write the weights by the spec's names first: inceptc weights SPEC FILE --by-order -o W.",
    ],
    [
      "a key to a resume",
      { resume: "a", key: "model" },
      "TypeError: Line.trainer: key is for weights; name some.",
    ],
    [
      "a beginning of nothing",
      { init: "xavier", weights: "b" },
      "TypeError: Line.trainer: init is for parameters that no file gives; weights gives all.",
    ],
    [
      "a beginning of a resume",
      { init: "xavier", resume: "a" },
      "TypeError: Line.trainer: init is for parameters that no file gives; resume gives all.",
    ],
    [
      "an unknown beginning",
      { init: "he" },
      'RangeError: Line.trainer: init is "he", expected "kaiming", "xavier" or "truncated_normal".',
    ],
    [
      "a misspelt option",
      { optimiser: { kind: "sgd" } },
      "TypeError: Line.trainer: there is no option optimiser; did you mean optimizer?",
    ],
  ])("%s", (_, options, message) => {
    expect(refused(options)).toBe(message);
  });

  it("are the spec's unless they are given, and documented ones where the spec has another kind", () => {
    expect(planned({})).toMatchObject({
      optimizer: optimizerDefaults.sgd,
      ...{ schedule: { kind: "constant" }, batch: 4, clipNorm: 0, average: undefined, seed: 0 },
    });
    const spec = { ...manifest.train!, optimizer: { ...optimizerDefaults.sgd, lr: 0.5 } };
    const network = { ...manifest, train: spec };
    const given = (optimizer: object) =>
      planTraining("T", network, trainerOptions("T", { optimizer })).optimizer;
    expect(given({ kind: "sgd", momentum: 0 })).toEqual({
      ...optimizerDefaults.sgd,
      ...{ lr: 0.5, momentum: 0 },
    });
    expect(given({ kind: "rmsprop", alpha: 0.5 })).toEqual({
      ...optimizerDefaults.rmsprop,
      alpha: 0.5,
    });
  });

  it("freeze by the last pattern that fits", () => {
    const { rates, request } = planned({ learningRates: { "*": 0, "prob.*": 2, "*.bias": 0 } });
    expect(request.frozen).toEqual([
      "prob.bias",
      "box.weight",
      "box.bias",
      "aux_1.weight",
      "aux_1.bias",
    ]);
    expect(rates.get("prob.weight")).toEqual({ rate: 2, decay: 1 });
  });

  it("ask for the losses of outputs, and for those of heads that are like them", () => {
    const ignoring = { ...entropy, ignore: -1, classWeights: [1, 1, 2] };
    expect(planned({ loss: { prob: ignoring } }).request.losses).toEqual([
      { output: "prob", kind: "cross_entropy", targets: "prob", classWeights: true, ignore: -1 },
      { output: "aux_1", kind: "cross_entropy", targets: "prob", classWeights: true, ignore: -1 },
    ]);
    const alone = planned({ loss: { box: mse } });
    expect(alone.request.losses).toEqual([
      { output: "box", kind: "mean_squared_error", targets: "box" },
    ]);
    expect([...alone.rates.keys()]).not.toContain("aux_1.weight");
  });

  it("tell a head that could be like several outputs", () => {
    const { name, shape, weight, parameters } = manifest.train!.heads[0]!;
    const head = { name, shape, weight, parameters };
    const network = { ...manifest, train: { ...manifest.train!, heads: [head] } };
    const plan = (loss: object) => planTraining("T", network, trainerOptions("T", { loss }));
    expect(() => plan({ prob: entropy, box: mse })).toThrow(
      "T: the auxiliary head aux_1 learns the targets of one output, and prob, box are trained; say which in the spec: aux aux_1(like: prob).",
    );
    expect(plan({ prob: entropy }).losses.heads).toHaveLength(1);
    expect(() => plan({ box: mse })).toThrow(
      "T: the auxiliary head aux_1 gives 3 numbers and box, whose targets it learns, 2.",
    );
  });

  it("reach the native side: rates, decays, threads and memory", async () => {
    const { addon } = await start({
      learningRates: { "box.*": 0.5, "aux_1.*": 0 },
      decay: "weights",
      ...{ batch: 7, threads: 3, average: 0.9 },
    });
    const [{ rates, options } = { rates: [], options: {} }] = addon.opened;
    expect(
      addon.training.parameters.map(({ name }, i) => [name, rates[2 * i], rates[2 * i + 1]]),
    ).toEqual([
      ["prob.weight", 1, 1],
      ["prob.bias", 1, 0],
      ["box.weight", 0.5, 1],
      ["box.bias", 0.5, 0],
      ["norm.running_mean", 0, 0],
      ["aux_1.weight", 0, 1],
      ["aux_1.bias", 0, 0],
    ]);
    expect(options).toEqual({ threads: 3, batch: 7, optimizer: "sgd", average: true });
  });
});

describe("a trainer's schedule", () => {
  it("may be a function of steps and epochs", async () => {
    const { trainer } = await start({ schedule: ({ step, epoch }) => 1 / (1 + step + epoch) });
    expect((await trainer.step(examples(1))).learningRate).toBe(0.1);
    expect((await trainer.step(examples(1))).learningRate).toBe(0.05);
  });

  it("that gives no number leaves everything as it was", async () => {
    const { trainer, addon } = await start({ schedule: () => NaN });
    await expect(trainer.step(examples(1))).rejects.toThrow(
      "Line.trainer.step: schedule gave NaN for step 0, expected a number of at least 0.",
    );
    expect(addon.runs).toHaveLength(0);
  });
});

describe("where a trainer begins", () => {
  const values = (seed: number): Record<string, Float32Array> =>
    Object.fromEntries(
      [...manifest.parameters, ...manifest.train!.heads[0]!.parameters].map(
        ({ name, shape }, i) => [
          name,
          Float32Array.from(
            { length: shape.reduce((a, b) => a * b, 1) },
            (_, at) => seed + i + at / 8,
          ),
        ],
      ),
    );

  it("hangs on the seed alone", async () => {
    const of = async (seed?: number) =>
      (await start(seed === undefined ? {} : { seed })).trainer.parameters();
    const [first, again, other] = [await of(), await of(0), await of(1)];
    expect(first).toEqual(again);
    expect(other.get("prob.weight")).not.toEqual(first.get("prob.weight"));
    expect(first.get("prob.bias")).toEqual(new Float32Array(3));
  });

  it("is given by arrays, copied at the call", async () => {
    const weights = values(1);
    const starting = start({ weights });
    const expected = values(1);
    for (const array of Object.values(weights)) array.fill(0);
    const { trainer } = await starting;
    expect(Object.fromEntries(await trainer.parameters())).toEqual(expected);
  });

  it("is a file but for what is fresh: held, lacking or of another shape", async () => {
    const file = join(folder, "weights.safetensors");
    const given = Object.entries(values(1)).filter(([name]) => name !== "aux_1.bias");
    const tensors = given.map(([name, array]) => {
      const shape = name === "aux_1.weight" ? [12] : [array.length];
      const own = manifest.parameters.find((parameter) => parameter.name === name)?.shape;
      return [name, float32Tensor(own ?? shape, array)] as const;
    });
    await writeSafetensors(file, new Map(tensors));
    await expect(start({ weights: file })).rejects.toMatchObject({
      code: "weights/missing",
      message: expect.stringContaining("aux_1.bias") as string,
      help: expect.stringContaining("fresh") as string,
    });
    const { trainer } = await start({ weights: file, fresh: ["aux_1.*", "box.bias"] });
    const found = await trainer.parameters();
    expect(found.get("prob.weight")).toEqual(values(1)["prob.weight"]);
    expect(found.get("box.weight")).toEqual(values(1)["box.weight"]);
    expect(found.get("box.bias")).toEqual(new Float32Array(2));
    const { trainer: drawn } = await start();
    expect(found.get("aux_1.weight")).toEqual((await drawn.parameters()).get("aux_1.weight"));
    await expect(start({ weights: file, fresh: ["aux.*"] })).rejects.toThrow(
      "Line.trainer: fresh has the pattern aux.*, which fits no parameter; it has prob.weight, prob.bias, box.weight, …",
    );
  });

  it("is a file whose names are renamed, or all begin alike", async () => {
    const file = join(folder, "named.safetensors");
    const heads = manifest.train!.heads.flatMap(({ parameters }) => parameters);
    const all = [...manifest.parameters, ...heads];
    const shapes = new Map(all.map(({ name, shape }) => [name, shape]));
    const written = (to: (name: string) => string): Promise<void> =>
      writeSafetensors(
        file,
        new Map(
          Object.entries(values(1)).map(([name, array]) => [
            to(name),
            float32Tensor(shapes.get(name)!, array),
          ]),
        ),
      );
    await written((name) => `module.${name}`);
    const { trainer } = await start({ weights: file });
    expect(Object.fromEntries(await trainer.parameters())).toEqual(values(1));
    await written((name) => name.replace("prob", "classifier"));
    const { trainer: renamed } = await start({ weights: file, rename: { classifier: "prob" } });
    expect(Object.fromEntries(await renamed.parameters())).toEqual(values(1));
  });

  it("is left by exportWeights, heads and statistics included", async () => {
    const { trainer } = await start({ weights: values(2), average: 0.5 });
    await trainer.step(examples(2));
    const file = join(folder, "exported.safetensors");
    await trainer.exportWeights(file);
    const { trainer: next } = await start({ weights: file });
    const [now, then] = [await trainer.parameters(), await next.parameters()];
    // Of a first step the average takes nine parts of eleven, where the option would have it take half.
    for (const name of ["prob.weight", "norm.running_mean"] as const) {
      const [before, after] = [values(2)[name]!, now.get(name)!];
      expect(after).not.toEqual(before);
      then.get(name)!.forEach((value, i) => {
        expect(value).toBeCloseTo((2 * before[i]! + 9 * after[i]!) / 11, 6);
      });
    }
    await using model = await trainer.model();
    const { image } = examples(1);
    const { prob } = await model.run({ image });
    await using other = await next.model();
    expect((await other.run({ image })).prob).toEqual(prob);
  });
});
