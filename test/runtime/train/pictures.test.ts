/** A trainer on pictures: which a batch has, how they are cut, and what becomes of broken ones. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import type { Pictures } from "../../../src/index.js";
import { imageFolder, type InceptError } from "../../../src/index.js";
import { cutOf, orderOf } from "../../../src/runtime/train/draw.js";
import {
  type Augment,
  input,
  pictures,
  pictureTrainers,
  ran,
  targets,
} from "./support/picture-trainers.js";
import { examples, fakeTrainers } from "./support/trainers.js";

const { start } = fakeTrainers();
const startOn = pictureTrainers();
const folder = mkdtempSync(join(tmpdir(), "incept-pictures-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the order", () => {
  it("is a shuffle that hangs on seed and epoch alone", () => {
    const of = (seed: number, epoch: number): number[] => [...orderOf(10, seed, epoch)];
    expect(of(0, 0).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([of(0, 0), of(0, 1), of(7, 0)]).toMatchInlineSnapshot(`
      [
        [
          7,
          1,
          0,
          3,
          4,
          9,
          8,
          6,
          5,
          2,
        ],
        [
          4,
          6,
          7,
          0,
          2,
          9,
          3,
          5,
          1,
          8,
        ],
        [
          6,
          2,
          7,
          3,
          0,
          5,
          4,
          9,
          8,
          1,
        ],
      ]
    `);
    expect([...orderOf(1, 3, 3)]).toEqual([0]);
    expect([...orderOf(0, 3, 3)]).toEqual([]);
  });

  it("brings each picture to each place as often", () => {
    const often = new Float64Array(36);
    for (let seed = 0; seed < 6000; seed++) {
      orderOf(6, seed, seed % 7).forEach((picture, place) => often[picture * 6 + place]!++);
    }
    // 1000 is what is expected; its deviation is 29.
    expect(Math.min(...often)).toBeGreaterThan(850);
    expect(Math.max(...often)).toBeLessThan(1150);
  });

  it("is what a fit goes through, each with its label", async () => {
    const { trainer, addon } = await startOn({ seed: 5 });
    const result = await trainer.fit(pictures(10), { epochs: 2 });
    expect(result.last?.step).toBe(4);
    const order = [0, 1].flatMap((epoch) => [...orderOf(10, 5, epoch)].slice(0, 8));
    expect(ran(addon).flat()).toEqual(order);
    expect(targets(addon).flat()).toEqual(order.map((i) => i % 3));
    await trainer.fit(pictures(10), { epochs: 3, lastBatch: "keep" });
    expect(
      ran(addon)
        .slice(4)
        .map((batch) => batch.length),
    ).toEqual([4, 4, 2]);
  });

  it("is the pictures' own where they are evaluated", async () => {
    const { trainer } = await startOn({}, [{ kind: "flip" }, { kind: "crop", pad: 1 }]);
    const found = await trainer.evaluate(pictures(10, [], true));
    expect(found.examples).toBe(10);
    const all = Float32Array.from({ length: 40 }, (_, i) => Math.floor(i / 4) + (i % 4));
    const prob = Int32Array.from({ length: 10 }, (_, i) => i % 3);
    const batches = () =>
      [0, 4, 8].map((at) => ({
        image: all.slice(at * 4, (at + 4) * 4),
        prob: prob.slice(at, at + 4),
      }));
    const same = {
      batches: async function* () {
        yield* await Promise.resolve(batches());
      },
    };
    expect(await trainer.evaluate(same)).toEqual(found);
  });
});

describe("augmentation", () => {
  it("draws by seed, epoch and index", () => {
    const both: Augment = [{ kind: "crop", pad: 4 }, { kind: "flip" }];
    const at = { seed: 1, epoch: 2 };
    expect([0, 1].map((index) => cutOf(both, index, at))).toMatchInlineSnapshot(`
      [
        {
          "flip": true,
          "pad": 4,
          "x": 3004724266,
          "y": 1570448368,
        },
        {
          "flip": false,
          "pad": 4,
          "x": 3356560808,
          "y": 339698639,
        },
      ]
    `);
    expect(cutOf([{ kind: "flip" }], 0, at)).not.toHaveProperty("pad");
    expect(cutOf([{ kind: "crop", pad: 4 }], 1, at).flip).toBe(false);
    const flips = Array.from({ length: 1000 }, (_, i) => cutOf(both, i, at).flip);
    const share = flips.filter(Boolean).length;
    expect(share).toBeGreaterThan(440);
    expect(share).toBeLessThan(560);
  });

  it("is the spec's, unless fit says another or none", async () => {
    const { trainer, addon } = await startOn({}, [{ kind: "flip" }]);
    const corners = pictures(4, [], true);
    const run = async (epochs: number, options: object): Promise<number[][]> => {
      await trainer.fit(corners, { epochs, ...options });
      const last = [...addon.runs.at(-1)!.inputs.get("image")!];
      return [0, 4, 8, 12].map((at) => last.slice(at, at + 4));
    };
    const plain = (epoch: number) =>
      [...orderOf(4, 0, epoch)].map((i) => [i, i + 1, i + 2, i + 3] as const);
    const flipped = (epoch: number) =>
      [...orderOf(4, 0, epoch)].map((i) =>
        cutOf([{ kind: "flip" }], i, { seed: 0, epoch }).flip
          ? [i + 1, i, i + 3, i + 2]
          : [i, i + 1, i + 2, i + 3],
      );
    expect(await run(1, {})).toEqual(flipped(0));
    expect(flipped(0)).not.toEqual(plain(0));
    expect(await run(2, { augment: false })).toEqual(plain(1));
    expect(await run(3, { augment: [] })).toEqual(plain(2));
    const cropped = await run(4, { augment: [{ kind: "crop", pad: 2 }] });
    expect(cropped.flat()).toContain(0);
    await expect(run(5, { augment: [{ kind: "crop", pads: 2 }] })).rejects.toThrow(
      "Line.trainer.fit: there is no option augment[0].pads; did you mean pad?",
    );
    await expect(run(5, { augment: "flip" })).rejects.toThrow(
      'augment is "flip", expected false, or a list such as [{ kind: "crop", pad: 4 }, { kind: "flip" }]',
    );
  });
});

describe("a resumed run", () => {
  it("is the run that was never interrupted, whatever could not be read", async () => {
    const augment: Augment = [{ kind: "crop", pad: 1 }, { kind: "flip" }];
    const broken = [3, 7, 11, 12];
    const whole = await startOn({ seed: 2, batch: 3 }, augment);
    const told: string[] = [];
    const onBroken = ({ message }: InceptError): void => void told.push(message);
    await whole.trainer.fit(pictures(20, broken, true), { epochs: 3, onBroken });
    expect(told).toHaveLength(12);
    expect(told[0]).toMatch(/^photos\/(3|7|11|12)\.png cannot be decoded: it is no JPEG, PNG/);
    expect(ran(whole.addon).flat()).not.toContain(100);

    for (const stopAt of [1, 4, 7, 11]) {
      const half = await startOn({ seed: 2, batch: 3 }, augment);
      const abort = new AbortController();
      await half.trainer.fit(pictures(20, broken, true), {
        ...{ epochs: 3, onBroken, signal: abort.signal },
        onStep: ({ step }) => void (step === stopAt && abort.abort()),
      });
      const file = join(folder, `half-${stopAt}.checkpoint`);
      await half.trainer.save(file);
      const rest = await startOn({ resume: file }, augment);
      await rest.trainer.fit(pictures(20, broken, true), { epochs: 3, onBroken });
      expect([...ran(half.addon), ...ran(rest.addon)]).toEqual(ran(whole.addon));
      expect(await rest.trainer.parameters()).toEqual(await whole.trainer.parameters());
    }
  });

  it("counts batches of which nothing is left, which are no steps", async () => {
    const options = { seed: 2, batch: 1 };
    const broken = [...orderOf(4, 2, 0)].slice(1, 3);
    const { trainer, addon } = await startOn(options);
    const trained: number[] = [];
    const seen = { onBroken: () => undefined };
    await trainer.fit(pictures(4, broken), {
      ...{ epochs: 1, ...seen },
      onStep: ({ loss }) => void trained.push(loss),
      onEpoch: ({ train }) => expect(train).toBeCloseTo((trained[0]! + trained[1]!) / 2, 6),
    });
    expect(ran(addon)).toEqual([[orderOf(4, 2, 0)[0]], [orderOf(4, 2, 0)[3]]]);
    expect(trainer.steps).toBe(2);
    await expect(trainer.fit(pictures(2, [0, 1]), { epochs: 2, ...seen })).rejects.toThrow(
      "Line.trainer.fit: epoch 1 has no step: no picture of the data could be read.",
    );
    await expect(trainer.evaluate(pictures(2, [0, 1]), seen)).rejects.toThrow(
      "Line.trainer.evaluate: no picture of the data could be read.",
    );
    // Once they can be, the epoch is made.
    await trainer.fit(pictures(2), { epochs: 2 });
    expect([trainer.steps, trainer.epoch]).toEqual([4, 2]);
  });
});

describe("a broken picture", () => {
  it("ends the run with its name, after the steps before it", async () => {
    const { trainer } = await startOn();
    const bad = orderOf(16, 0, 0)[9]!;
    await expect(trainer.fit(pictures(16, [bad]))).rejects.toMatchObject({
      code: "image/unreadable",
      message: `photos/${bad}.png cannot be decoded: it is no JPEG, PNG, WebP, AVIF, GIF or TIFF.`,
    });
    expect(trainer.steps).toBe(2);
    await expect(trainer.evaluate(pictures(4, [2]))).rejects.toThrow("photos/2.png cannot be");
  });

  it("is left out where somebody is told, in validation too", async () => {
    const { trainer, addon } = await startOn();
    const told: string[] = [];
    const onBroken = ({ message }: InceptError): void => void told.push(message.split(" ")[0]!);
    const found = await trainer.evaluate(pictures(6, [2, 5]), { onBroken });
    expect([found.examples, told]).toEqual([4, ["photos/2.png", "photos/5.png"]]);
    await trainer.fit(pictures(4, [1]), { epochs: 1, onBroken, validate: pictures(3, [0]) });
    expect(told.slice(2)).toEqual(["photos/1.png", "photos/0.png"]);
    expect(ran(addon)[0]).toHaveLength(3);
    const full = trainer.fit(pictures(4, [1]), {
      epochs: 2,
      onBroken: () => Promise.reject(new Error("enough")),
    });
    await expect(full).rejects.toThrow("enough");
  });

  it("takes its batch with it where a norm could not be trained on the rest", async () => {
    const { trainer, addon } = await startOn({ batch: 2 }, [], ["stem.1"]);
    const bad = orderOf(4, 0, 0)[0]!;
    await trainer.fit(pictures(4, [bad]), { epochs: 1, onBroken: () => undefined });
    expect(ran(addon)).toEqual([[...orderOf(4, 0, 0)].slice(2)]);
    // Who answers needs no others.
    const found = await trainer.evaluate(pictures(2, [1]), { onBroken: () => undefined });
    expect(found.examples).toBe(1);
  });

  it("is no excuse for what is wrong with all of them", async () => {
    const { trainer } = await startOn();
    const wrong = { ...pictures(4), picture: () => 3 as unknown as string };
    await expect(trainer.fit(wrong, { onBroken: () => undefined })).rejects.toThrow(
      /^Line\.trainer\.fit: photos\/\d\.png is 3, expected a path, a file URL/,
    );
  });
});

it("trains on a folder of files, and names what is broken there", async () => {
  const photos = join(folder, "photos");
  const write = async (name: string, grey: number, format: "png" | "jpeg"): Promise<void> => {
    mkdirSync(dirname(join(photos, name)), { recursive: true });
    const picture = sharp({
      create: { width: 4, height: 4, channels: 3, background: { r: grey, g: grey, b: grey } },
    });
    await picture.toFormat(format).toFile(join(photos, name));
  };
  await write("cat/1.png", 10, "png");
  await write("cat/2.jpg", 20, "jpeg");
  await write("dog/3.png", 30, "png");
  await write("dog/4.jpeg", 40, "jpeg");
  const { trainer, addon } = await startOn();
  const read = await imageFolder(photos);
  await trainer.fit(read, { epochs: 1 });
  const order = [...orderOf(4, 0, 0)];
  expect(ran(addon).flat()).toEqual(order.map((i) => 10 * (i + 1)));
  expect(targets(addon).flat()).toEqual(order.map((i) => Math.floor(i / 2)));
  writeFileSync(join(photos, "dog/4.jpeg"), "");
  rmSync(join(photos, "cat/1.png"));
  const told: string[] = [];
  const onBroken = ({ code, message }: InceptError): void => void told.push(`${code} ${message}`);
  await trainer.fit(read, { epochs: 2, onBroken });
  expect(told.sort()).toEqual([
    `file/not-found ${join(photos, "cat/1.png")} does not exist.`,
    `image/unreadable ${join(photos, "dog/4.jpeg")} cannot be decoded: it is empty.`,
  ]);
  expect(ran(addon)[1]!.toSorted()).toEqual([20, 30]);
});

it("goes on no longer than it is wanted", async () => {
  const { trainer } = await startOn({ batch: 1 });
  let [asked, open] = [0, 0];
  const slow: Pictures = {
    ...pictures(1000),
    picture: async (i) => {
      asked++;
      open++;
      await new Promise(setImmediate);
      open--;
      return { data: new Uint8Array(4).fill(i % 4), width: 2, height: 2, channels: 1 };
    },
  };
  const abort = new AbortController();
  const result = await trainer.fit(slow, {
    signal: abort.signal,
    onStep: ({ step }) => void (step === 3 && abort.abort()),
  });
  // Nothing of it is under way, and what was made ahead was little.
  expect([result.stopped, open, asked <= 6]).toEqual([true, 0, true]);
});

describe("pictures that do not fit the network", () => {
  it("are told before the first step", async () => {
    const { trainer } = await startOn();
    const five: Pictures = {
      ...{ ...pictures(6), classes: 5, labels: ["ant", "bee", "cat", "dog", "eel"] },
      label: (i) => i % 5,
    };
    await expect(trainer.fit(five)).rejects.toMatchObject({
      code: "data/classes",
      message:
        "Line.trainer.fit: the data have 5 classes and the output prob 3: photos/3.png is of class 3 (dog).",
      help: "give the trainer set: { classes: 5 }, or --set classes=5",
    });
    await expect(trainer.fit(pictures(4), { validate: five })).rejects.toThrow("5 classes");
    await expect(trainer.fit({ ...five, label: (i) => i / 2 })).rejects.toThrow(
      "Line.trainer.fit: the label of photos/1.png is 0.5, expected a class index.",
    );
    await expect(trainer.fit(pictures(0))).rejects.toMatchObject({ code: "data/empty" });
    await expect(trainer.evaluate(pictures(0))).rejects.toMatchObject({ code: "data/empty" });
    // Fewer classes than the output has are nobody's mistake.
    await trainer.fit({ ...pictures(4), classes: 2, label: (i) => i % 2 }, { epochs: 1 });
    expect(trainer.steps).toBe(1);
  });

  it("are told where the network reads none, or learns more than a class", async () => {
    const { trainer: plain } = await start();
    await expect(plain.fit(pictures(4) as never)).rejects.toMatchObject({
      code: "model/no-image",
      message: "Line.trainer.fit: the spec does not say how to read images.",
    });
    const { trainer } = await start({}, { manifest: { inputs: [input] } });
    await expect(trainer.fit(pictures(4))).rejects.toThrow(
      "Line.trainer.fit: a picture of the data has one class, and the output box learns mean_squared_error; " +
        "give an object with batches(epoch) instead.",
    );
  });

  it("are the only data that may be augmented, or broken", async () => {
    const { trainer } = await startOn();
    const own = { batches: () => [examples(4)] } as never;
    await expect(trainer.fit(own, { augment: false })).rejects.toThrow(
      "Line.trainer.fit: augment is for pictures, and the data are batches of your own.",
    );
    await expect(trainer.evaluate(own, { onBroken: () => undefined })).rejects.toThrow(
      "Line.trainer.evaluate: onBroken is for pictures",
    );
    const untyped = trainer as unknown as { fit(data: unknown): Promise<unknown> };
    await expect(untyped.fit({ ...pictures(3), size: "3" })).rejects.toThrow(
      'Line.trainer.fit: data.size is "3", expected a whole number of at least 0.',
    );
    await expect(untyped.fit({ ...pictures(3), label: 3 })).rejects.toThrow(
      "Line.trainer.fit: data.label is 3, expected a function of an index.",
    );
  });
});
