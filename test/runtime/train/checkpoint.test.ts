import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../support/tensors.js";
import { trainingOf } from "./support/fake-trainer.js";
import { dataOf, examples, fakeTrainers } from "./support/trainers.js";

const { start } = fakeTrainers();
const folder = mkdtempSync(join(tmpdir(), "incept-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a checkpoint", () => {
  const options = {
    optimizer: { kind: "adam", lr: 0.05 },
    schedule: { kind: "cosine", epochs: 6, warmup: 1 },
    average: 0.9,
    seed: 7,
    clipNorm: 1,
    decay: "weights",
    learningRates: { "box.bias": 0 },
  } as const;

  it("is resumed bit for bit, within an epoch too", async () => {
    const { data } = dataOf(16);
    const { trainer: whole } = await start(options);
    await whole.fit(data, { epochs: 4 });

    const file = join(folder, "run.checkpoint");
    const { trainer: first } = await start(options);
    const abort = new AbortController();
    await first.fit(data, {
      ...{ epochs: 4, signal: abort.signal },
      onStep: ({ step }) => void (step === 6 && abort.abort()),
    });
    await first.save(file);
    const { trainer: second, addon } = await start({ resume: file });
    expect([second.steps, second.epoch]).toEqual([6, 1]);
    expect(addon.opened[0]!.options).toMatchObject({ optimizer: "adam", average: true });
    await second.fit(data, { epochs: 4 });
    expect(await second.parameters()).toEqual(await whole.parameters());
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    await whole.save(a);
    await second.save(b);
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
  });

  it("saved where an epoch had all its steps ends that epoch, and makes no step", async () => {
    const directory = join(folder, "whole-epoch");
    const file = join(directory, "last.checkpoint");
    const { data } = dataOf(8);
    const { trainer } = await start();
    const killed = trainer.fit(data, {
      ...{ epochs: 1, validate: data, checkpoints: { directory, every: { steps: 2 } } },
      onEpoch: () => Promise.reject(new Error("killed")),
    });
    await expect(killed).rejects.toThrow("killed");
    const { trainer: resumed } = await start({ resume: file });
    expect([resumed.steps, resumed.epoch]).toEqual([2, 0]);
    const result = await resumed.fit(data, { epochs: 1, checkpoints: { directory } });
    expect(result).toEqual({ epochs: 1, stopped: false });
    expect((await start({ resume: file })).trainer.epoch).toBe(1);
  });

  it("says what an epoch was like whose steps others made, and is written after it was told", async () => {
    const directory = join(folder, "told");
    const file = join(directory, "last.checkpoint");
    const { data } = dataOf(16);
    const whole: object[] = [];
    const { trainer } = await start(options);
    await trainer.fit(data, {
      ...{ epochs: 1, validate: data, checkpoints: { directory } },
      onEpoch: (epoch) => {
        whole.push(epoch, { written: existsSync(file) });
      },
    });
    expect(whole).toHaveLength(2);
    expect(whole[1]).toEqual({ written: false });
    expect(existsSync(file)).toBe(true);
    // Stopped after its third step, and again in its validation.
    const abort = new AbortController();
    const { trainer: first } = await start(options);
    await first.fit(data, {
      ...{ epochs: 1, signal: abort.signal, checkpoints: { directory } },
      onStep: ({ step }) => void (step === 3 && abort.abort()),
    });
    const again = new AbortController();
    const validate: typeof data = {
      async *batches() {
        yield examples(4);
        again.abort();
        await new Promise(() => undefined);
      },
    };
    const { trainer: second } = await start({ resume: file });
    await second.fit(data, {
      ...{ epochs: 1, validate, signal: again.signal, checkpoints: { directory } },
    });
    const told: object[] = [];
    const { trainer: third } = await start({ resume: file });
    await third.fit(data, {
      ...{ epochs: 1, validate: data },
      onEpoch: (epoch) => void told.push(epoch),
    });
    expect(told).toEqual([whole[0]]);
  });

  it("is written after steps and after epochs, where both are asked for", async () => {
    const directory = join(folder, "both");
    const { data } = dataOf(12);
    const { trainer } = await start();
    const seen: number[] = [];
    const look = async (): Promise<void> => {
      const resume = join(directory, "last.checkpoint");
      seen.push(existsSync(resume) ? (await start({ resume })).trainer.steps : 0);
    };
    await trainer.fit(data, {
      ...{ epochs: 2, checkpoints: { directory, every: { steps: 2, epochs: 1 } } },
      onStep: look,
    });
    expect(seen).toEqual([0, 0, 2, 3, 4, 4]);
  });

  it("that is aborted before a resumed run makes a step resolves all the same", async () => {
    const file = join(folder, "resumed.checkpoint");
    const { trainer } = await start(options);
    await trainer.step(examples(4));
    await trainer.save(file);
    const { trainer: resumed } = await start({ resume: file });
    const result = await resumed.fit(dataOf(8).data, { signal: AbortSignal.abort() });
    expect(result).toEqual({ epochs: 0, stopped: true });
  });

  it("of a run aborted in its last validation is resumed to the end", async () => {
    const directory = join(folder, "validation");
    const { data } = dataOf(8);
    const abort = new AbortController();
    const validate: typeof data = {
      async *batches() {
        yield examples(4);
        abort.abort();
        await new Promise(() => undefined);
      },
    };
    const { trainer } = await start();
    const stopped = await trainer.fit(data, {
      ...{ epochs: 1, validate, signal: abort.signal, checkpoints: { directory } },
    });
    expect(stopped).toMatchObject({ epochs: 0, stopped: true, last: { step: 2 } });
    const { trainer: resumed } = await start({ resume: join(directory, "last.checkpoint") });
    const seen: number[] = [];
    const result = await resumed.fit(data, {
      ...{ epochs: 1, validate: data },
      onEpoch: ({ validation }) => void seen.push(validation!.examples),
    });
    expect([result.epochs, result.stopped, seen]).toEqual([1, false, [8]]);
  });

  it("that cannot be written as the best is written when it can", async () => {
    const directory = join(folder, "full");
    // No epoch is better than another one.
    const data = {
      async *batches() {
        yield await Promise.resolve(examples(4));
      },
    };
    const { trainer } = await start({ schedule: () => 0 });
    mkdirSync(join(directory, "best.checkpoint", "in the way"), { recursive: true });
    const checkpoints = { directory };
    await expect(trainer.fit(data, { epochs: 1, checkpoints })).rejects.toMatchObject({
      code: "file/cannot-write",
    });
    rmSync(join(directory, "best.checkpoint"), { recursive: true });
    await trainer.fit(data, { epochs: 2, checkpoints });
    expect(readdirSync(directory)).toContain("best.checkpoint");
  });

  it("of other values of the model's parameters is refused", async () => {
    const file = join(folder, "set.checkpoint");
    const of = (blocks: number) => ({ manifest: { settings: { blocks } } });
    const { trainer } = await start(options, of(4));
    await trainer.save(file);
    expect((await start({ resume: file }, of(4))).trainer.steps).toBe(0);
    await expect(start({ resume: file }, of(2))).rejects.toMatchObject({
      code: "train/checkpoint",
      message: expect.stringContaining("was trained with blocks 4 and not 2") as string,
      help: "give the trainer set: { blocks: 4 }",
    });
  });

  it("with parameters that the network has not is refused", async () => {
    const file = join(folder, "deeper.checkpoint");
    const { trainer } = await start(options);
    await trainer.save(file);
    const { parameters } = trainingOf([], []);
    const fewer = parameters.filter(({ name }) => name !== "norm.running_mean");
    await expect(
      start({ resume: file }, { training: { parameters: fewer } }),
    ).rejects.toMatchObject({
      code: "train/checkpoint",
      message: expect.stringContaining(
        "has norm.running_mean, which the network has not",
      ) as string,
    });
  });

  it("is weights to load, too", async () => {
    const file = join(folder, "as-weights.checkpoint");
    const { trainer } = await start(options);
    await trainer.step(examples(4));
    await trainer.save(file);
    const { trainer: other } = await start({ weights: file });
    expect(await other.parameters()).toEqual(await trainer.parameters());
    expect(other.steps).toBe(0);
  });

  it("of another network or optimizer, or of none, is refused", async () => {
    const file = join(folder, "other.checkpoint");
    const { trainer } = await start(options);
    await trainer.save(file);
    await expect(start({ resume: file, optimizer: { kind: "sgd" } })).rejects.toMatchObject({
      code: "train/checkpoint",
      message: expect.stringContaining("holds the moments of adam and not of sgd") as string,
    });
    await expect(start({ resume: file }, { manifest: { model: "Other" } })).rejects.toMatchObject({
      code: "train/checkpoint",
      message: expect.stringContaining("is of Line and not of Other") as string,
    });
    const weights = join(folder, "plain.safetensors");
    await trainer.exportWeights(weights);
    await expect(start({ resume: weights })).rejects.toMatchObject({
      code: "train/checkpoint",
      message: expect.stringContaining("is no checkpoint of a training") as string,
    });
    await expect(start({ resume: join(folder, "absent") })).rejects.toMatchObject({
      code: "file/not-found",
    });
    const named = { ...options, schedule: () => 1 };
    const { trainer: free } = await start(named);
    await free.save(file);
    await expect(start({ resume: file })).rejects.toMatchObject({
      code: "train/checkpoint",
      help: expect.stringContaining("schedule") as string,
    });
    expect((await start({ resume: file, schedule: () => 1 })).trainer.steps).toBe(0);
  });

  it("that is damaged is refused, wherever it is", async () => {
    const file = join(folder, "damaged.checkpoint");
    const { trainer } = await start(options);
    await trainer.save(file);
    const good = readFileSync(file);
    const refused = async (bytes: Uint8Array): Promise<string> => {
      writeFileSync(file, bytes);
      return start({ resume: file }).then(
        () => "nothing was refused",
        ({ code }: { code: string }) => code,
      );
    };
    const flipped = Buffer.from(good);
    flipped[good.length - 3]! ^= 1;
    expect(await refused(flipped)).toBe("train/checkpoint");
    expect(await refused(good.subarray(0, good.length - 4))).toBe("weights/truncated");
    const lying = Buffer.from(
      good.toString("latin1").replace('\\"steps\\":0', '\\"steps\\":x'),
      "latin1",
    );
    expect(await refused(lying)).toBe("train/checkpoint");
    const wrong = Buffer.from(
      good.toString("latin1").replace('\\"seed\\":7', '\\"seed\\":-'),
      "latin1",
    );
    expect(await refused(wrong)).toBe("train/checkpoint");
  });

  it("is written by fit, the last and the best", async () => {
    const directory = join(folder, "run", "one");
    const { data } = dataOf(8);
    const { trainer } = await start({ optimizer: { kind: "sgd", lr: 0.2 } });
    await trainer.fit(data, { validate: data, checkpoints: { directory } });
    expect(readdirSync(directory).sort()).toEqual(["best.checkpoint", "last.checkpoint"]);
    const { trainer: resumed } = await start({ resume: join(directory, "last.checkpoint") });
    expect([resumed.steps, resumed.epoch]).toEqual([6, 3]);
    expect(await resumed.parameters()).toEqual(await trainer.parameters());
    const { trainer: best } = await start({ resume: join(directory, "best.checkpoint") });
    const share = async (t: typeof best): Promise<number> =>
      (await t.evaluate(data)).outputs.prob.top1!;
    expect(await share(best)).toBeGreaterThanOrEqual(await share(trainer));
  });

  it("is written every so many steps, and at the end of an aborted run", async () => {
    const directory = join(folder, "steps");
    const { data } = dataOf(16);
    const { trainer } = await start();
    const abort = new AbortController();
    const seen: boolean[] = [];
    await trainer.fit(data, {
      ...{ signal: abort.signal, checkpoints: { directory, every: { steps: 2 } } },
      onStep: ({ step }) => {
        seen.push(existsSync(join(directory, "last.checkpoint")));
        if (step === 3) abort.abort();
      },
    });
    expect(seen).toEqual([false, false, true]);
    const saved = await readSafetensors(join(directory, "last.checkpoint"));
    expect([...saved.keys()]).toContain("moment_1:prob.weight");
    const { trainer: resumed } = await start({ resume: join(directory, "last.checkpoint") });
    expect(resumed.steps).toBe(3);
  });

  it("that cannot be written leaves the one that was there", async () => {
    const file = join(folder, "kept.checkpoint");
    const { trainer } = await start();
    await trainer.save(file);
    const before = readFileSync(file);
    await expect(trainer.save(join(folder, "nowhere", "x"))).rejects.toMatchObject({
      code: "file/cannot-write",
    });
    writeFileSync(join(folder, "a-file"), "");
    const { data } = dataOf(4);
    await expect(
      trainer.fit(data, { checkpoints: { directory: join(folder, "a-file") } }),
    ).rejects.toMatchObject({ code: "file/cannot-write" });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
