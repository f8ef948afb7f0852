import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import type { Classes } from "../../src/emit/classes.js";
import type { NativeSession } from "../../src/runtime/addon.js";
import { rank, softmax } from "../../src/runtime/classify.js";
import { Model } from "../../src/runtime/model.js";
import { InstancePool } from "../../src/runtime/pool.js";
import { fakeManifest } from "./support/fake.js";

describe("rank", () => {
  it("gives the likeliest first, equals by index", () => {
    const row = Float32Array.of(0.25, 0.5, 0.25, 0);
    expect(rank(row, 3, ["a", "b", "c", "d"])).toEqual([
      { index: 1, label: "b", probability: 0.5 },
      { index: 0, label: "a", probability: 0.25 },
      { index: 2, label: "c", probability: 0.25 },
    ]);
  });

  it("shows indices without labels, and all classes where fewer are there", () => {
    expect(rank(Float32Array.of(0, 1), 5, undefined).map(({ label }) => label)).toEqual(["1", "0"]);
  });
});

describe("classify", () => {
  let png: Buffer;
  beforeAll(async () => {
    const pixel = { width: 1, height: 1, channels: 3, background: "#fff" } as const;
    png = await sharp({ create: pixel }).png().toBuffer();
  });

  /** A network that gives the same values for every picture of one pixel. */
  function modelOf(values: readonly number[], classes: Classes): Model {
    const instance: Partial<NativeSession> = {
      run: (_, __, [y]) => Promise.resolve(y?.set(values)),
      dispose: () => undefined,
    };
    const each = [0, 0, 0];
    const image = {
      size: [1, 1],
      fit: "stretch",
      interpolation: "bilinear",
      order: "rgb",
      range: 1,
      mean: each,
      std: each,
    } as const;
    const manifest = {
      ...fakeManifest,
      inputs: [{ name: "image", shape: [3, 1, 1], image }],
      outputs: [{ name: "y", shape: [values.length], kind: "output", classes }],
    } as const;
    const native = { preparePictures: (): Promise<void> => Promise.resolve() };
    const pool = new InstancePool([instance as NativeSession]);
    return new Model(manifest, pool, { unused: [], native, work: 0 });
  }

  it.each<[Classes, number[], [index: number, probability: number][]]>([
    [
      "distribution",
      [0.25, 0.5, 0.25],
      [
        [1, 0.5],
        [0, 0.25],
        [2, 0.25],
      ],
    ],
    [
      "independent",
      [0.25, 0.75, 0.5],
      [
        [1, 0.75],
        [2, 0.5],
        [0, 0.25],
      ],
    ],
    [
      "logits",
      [0, Math.log(2), 0],
      [
        [1, 0.5],
        [0, 0.25],
        [2, 0.25],
      ],
    ],
  ])("takes a %s for what it is", async (classes, values, expected) => {
    await using model = modelOf(values, classes);
    const answers = await model.classify(png);
    expect(answers.map(({ index, probability }) => [index, probability])).toEqual(
      expected.map(([index, probability]) => [index, expect.closeTo(probability, 6) as number]),
    );
  });

  it("names classes by the labels as they were at the call", async () => {
    await using model = modelOf([0.25, 0.75], "distribution");
    const labels = ["cat", "dog"];
    const options = { labels, top: 1 };
    const asked = model.classify(png, options);
    labels.fill("changed");
    options.top = 2;
    expect(await asked).toEqual([{ index: 1, label: "dog", probability: 0.75 }]);
  });

  it("classifies pictures as they were at the call", async () => {
    await using model = modelOf([0.25, 0.75], "distribution");
    const [bytes, list] = [Uint8Array.from(png), [png, "absent.png"]];
    const asked = model.classify(bytes, { top: 1 });
    const listed = model.classify(list, { top: 1 });
    structuredClone(bytes, { transfer: [bytes.buffer] });
    list.length = 1;
    expect(await asked).toEqual([{ index: 1, label: "1", probability: 0.75 }]);
    await expect(listed).rejects.toMatchObject({ code: "file/not-found" });
  });

  it("answers all of a list or none, and says which picture cannot be read", async () => {
    await using model = modelOf([0.25, 0.75], "distribution");
    const none = Uint8Array.of(1, 2, 3);
    await expect(model.classify([png, none, "absent.png"])).rejects.toThrow(
      expect.objectContaining({
        code: "image/unreadable",
        message: expect.stringMatching(
          /^images\[1\]: A picture of 3 bytes cannot be decoded: /,
        ) as string,
        help: "convert it to one of those formats first",
      }) as Error,
    );
    await expect(model.tensor([png, "absent.png"])).rejects.toThrow(
      /^images\[1\]: absent\.png does/,
    );
    await expect(model.classify([none])).rejects.toThrow(/^A picture of 3 bytes cannot/);
    await expect(model.classify(none)).rejects.toThrow(/^A picture of 3 bytes cannot/);
  });

  it("names what is no picture, and which of several", async () => {
    await using model = modelOf([1], "distribution");
    const expected =
      "expected a path, a file URL, the bytes of a picture (Uint8Array, ArrayBuffer or Blob), " +
      "an ImageData, or { data, width, height, channels }.";
    await expect(model.classify(42 as never)).rejects.toThrow(
      new TypeError(`Fake.classify: image is 42, ${expected}`),
    );
    await expect(model.classify([png, null] as never)).rejects.toThrow(
      new TypeError(`Fake.classify: images[1] is null, ${expected}`),
    );
  });

  it("refuses pictures of more pixels than it may decode", async () => {
    await using model = modelOf([1], "distribution");
    const pixels = { width: 5, height: 4, channels: 3, background: "#fff" } as const;
    const larger = await sharp({ create: pixels }).png().toBuffer();
    await expect(model.classify(larger, { maxPixels: 19 })).rejects.toMatchObject({
      code: "image/too-large",
    });
    expect(await model.classify(larger, { maxPixels: 20 })).toHaveLength(1);
  });

  it("rejects at once when it is aborted while a picture is prepared", async () => {
    await using model = modelOf([1], "distribution");
    const controller = new AbortController();
    const asked = model.classify(png, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });

  it("ranks what is no number last", async () => {
    await using model = modelOf([NaN, 0.1, NaN, 0.7], "independent");
    const answers = await model.classify(png);
    expect(answers.map(({ index }) => index)).toEqual([3, 1, 0, 2]);
  });
});

describe("softmax", () => {
  it("sums to 1 and stands large logits", () => {
    const result = softmax(Float32Array.of(1000, 1000 + Math.log(3)));
    expect(result[0]).toBeCloseTo(0.25, 4);
    expect(result[1]).toBeCloseTo(0.75, 4);
  });
});
