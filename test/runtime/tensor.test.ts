/** Pictures as tensors, from everything that a caller may have them in. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { File } from "node:buffer";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pictureModel } from "./support/pictures.js";

const folder = mkdtempSync(join(tmpdir(), "incept-tensor-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [width, height] = [9, 7] as const;

/** Bytes of no pattern, transparent ones among them. */
const noise = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (i * i * 37 + i * 11) % 256);

type Channels = 1 | 2 | 3 | 4;
const pixels = (
  channels: Channels,
): { data: Uint8Array; width: 9; height: 7; channels: Channels } => ({
  data: noise(width * height * channels),
  width,
  height,
  channels,
});

const png = (channels: Channels): Promise<Buffer> => {
  const { data } = pixels(channels);
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 0 }).toBuffer();
};

/** As canvases make them: what there is, is the prototype's. */
class ImageData {
  readonly #data = Uint8ClampedArray.from(noise(width * height * 4));
  get data(): Uint8ClampedArray {
    return this.#data;
  }
  get width(): number {
    return width;
  }
  get height(): number {
    return height;
  }
  get colorSpace(): string {
    return "srgb";
  }
}

/** An input of one channel, normalised. */
const grey = {
  name: "image",
  shape: [1, 4, 4],
  image: {
    size: [4, 4],
    fit: "stretch",
    interpolation: "bicubic",
    order: "luma",
    range: 1,
    mean: [0.5],
    std: [0.25],
  },
} as const;

describe("decoded pixels", () => {
  it.each([1, 2, 3, 4] as const)("of %i channels are those of a PNG of them", async (channels) => {
    for (const input of [undefined, grey]) {
      const { model } = pictureModel(input);
      const tensor = await model.tensor(pixels(channels));
      expect(tensor).toHaveLength(input === undefined ? 48 : 16);
      expect(new Set(tensor).size).toBeGreaterThan(8);
      expect(tensor).toEqual(await model.tensor(await png(channels)));
    }
  });

  it("are an ImageData's", async () => {
    const { model } = pictureModel();
    const expected = await model.tensor(pixels(4));
    expect(await model.tensor(new ImageData())).toEqual(expected);
    const { data } = new ImageData();
    expect(await model.tensor({ data, width, height })).toEqual(expected);
  });

  it("are a clamped array's of any channels, shared memory's and another realm's", async () => {
    const { model } = pictureModel();
    const expected = await model.tensor(pixels(3));
    const { data } = pixels(3);
    const shared = new Uint8Array(new SharedArrayBuffer(data.length));
    shared.set(data);
    const foreign = runInNewContext(`Uint8Array.of(${data.join()})`) as Uint8Array;
    const within = Uint8Array.of(1, 2, ...data, 3).subarray(2, -1);
    for (const each of [Uint8ClampedArray.from(data), shared, foreign, within, Buffer.from(data)]) {
      expect(await model.tensor({ ...pixels(3), data: each })).toEqual(expected);
    }
  });

  it("are what sharp gives with its size", async () => {
    const { model } = pictureModel();
    const { data, info } = await sharp(await png(4))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(await model.tensor({ data, ...info })).toEqual(await model.tensor(pixels(4)));
  });
});

describe("an encoded picture", () => {
  it("may be a path, a file URL, bytes of every kind, a Blob or a File", async () => {
    const { model } = pictureModel();
    const bytes = Uint8Array.from(await png(3));
    const file = join(folder, "a.png");
    writeFileSync(file, bytes);
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    const expected = await model.tensor(pixels(3));
    const sources = [
      file,
      pathToFileURL(file),
      bytes,
      Buffer.from(bytes),
      bytes.buffer,
      shared,
      runInNewContext(`Uint8Array.of(${bytes.join()})`) as Uint8Array,
      runInNewContext(`Uint8Array.of(${bytes.join()}).buffer`) as ArrayBuffer,
      new Blob([bytes]),
      new File([bytes], "a.png"),
    ];
    for (const source of sources) expect(await model.tensor(source)).toEqual(expected);
    const all = await model.tensor(sources);
    expect(all).toHaveLength(sources.length * 48);
    for (let i = 0; i < sources.length; i++) {
      expect(all.subarray(i * 48, (i + 1) * 48)).toEqual(expected);
    }
  });

  it("is told by its name or size where it is damaged", async () => {
    const { model } = pictureModel();
    const code = "image/unreadable";
    await expect(model.tensor(new File(["text"], "c\x1bat.png"))).rejects.toMatchObject({
      code,
      message: "c\\x1bat.png cannot be decoded: it is no JPEG, PNG, WebP, AVIF, GIF or TIFF.",
    });
    await expect(model.tensor(new Blob([]))).rejects.toMatchObject({
      code,
      message: "A Blob of 0 bytes cannot be decoded: it is empty.",
    });
  });

  it("that its Blob does not give is an error of its own", async () => {
    const { model } = pictureModel();
    const gone = { size: 9, arrayBuffer: () => Promise.reject(new Error("gone")) };
    await expect(model.tensor(gone)).rejects.toMatchObject({
      code: "file/unreadable",
      message: "A Blob of 9 bytes cannot be read (gone).",
    });
    const huge = { size: 2 ** 40, arrayBuffer: () => Promise.reject(new Error("It was read.")) };
    await expect(model.tensor(huge)).rejects.toMatchObject({ code: "file/too-large" });
    const odd = { size: 9, arrayBuffer: () => Promise.resolve({ create: {} }) };
    await expect(model.tensor(odd as never)).rejects.toThrow(
      new TypeError("Fake.tensor: image.arrayBuffer() is an Object, expected an ArrayBuffer."),
    );
  });
});

describe("the tensor", () => {
  it("is what classify runs, and what run takes in batches of any mixture", async () => {
    const { model, ran } = pictureModel();
    const [a, b] = [pixels(3), await png(1)];
    expect(await model.classify([a, b])).toHaveLength(2);
    const [first, second] = [await model.tensor(a), await model.tensor(b)];
    expect(ran).toEqual([Float32Array.of(...first, ...second)]);
    expect(await model.tensor([a, b])).toEqual(ran[0]);
    const { y } = await model.run({ image: Float32Array.of(...second, ...first) });
    expect(y).toHaveLength(4);
    expect(ran[1]).toEqual(Float32Array.of(...second, ...first));
  });

  it("of no pictures has no values", async () => {
    const { model } = pictureModel();
    expect(await model.tensor([])).toEqual(new Float32Array(0));
    expect(await model.classify([])).toEqual([]);
  });

  it("needs a model that is not disposed, and a spec that says how", async () => {
    const plain = pictureModel({ name: "image", shape: [3, 4, 4] }).model;
    for (const method of ["tensor", "classify"] as const) {
      await expect(plain[method](pixels(3))).rejects.toMatchObject({
        code: "model/no-image",
        message: `Fake.${method}: the spec does not say how to read images.`,
      });
    }
    const { model } = pictureModel();
    await model.dispose();
    for (const method of ["tensor", "classify"] as const) {
      await expect(model[method]([])).rejects.toMatchObject({
        code: "model/disposed",
        message: `Fake.${method}: the model is disposed.`,
      });
    }
  });

  it("rejects with the signal's reason, before and while it is made", async () => {
    const { model } = pictureModel();
    const before = AbortSignal.abort(new Error("before"));
    await expect(model.tensor([], { signal: before })).rejects.toThrow("before");
    const controller = new AbortController();
    const stuck = { size: 9, arrayBuffer: () => new Promise<ArrayBuffer>(() => undefined) };
    const making = model.tensor(stuck, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(making).rejects.toThrow("enough");
  });

  it("takes no option that it does not know", async () => {
    const { model } = pictureModel();
    await expect(model.tensor([], { top: 3 } as never)).rejects.toThrow(
      "Fake.tensor: there is no option top; it has signal, maxPixels.",
    );
  });
});

describe("what is in memory", () => {
  let expected: Float32Array;
  beforeAll(async () => {
    expected = await pictureModel().model.tensor(pixels(3));
  });

  it.each(["tensor", "classify"] as const)("is read once, when %s is called", async (method) => {
    const { model, ran } = pictureModel();
    const gets: PropertyKey[] = [];
    const given = pixels(3);
    const watched = new Proxy(given, {
      get: (target, key) => {
        gets.push(key);
        return Reflect.get(target, key) as unknown;
      },
    });
    const asked = model[method](watched);
    const own = ["data", "width", "height", "channels"];
    const read = gets.filter((key) => own.some((each) => each === key));
    expect(read.toSorted()).toEqual(own.toSorted());
    structuredClone(given.data, { transfer: [given.data.buffer as ArrayBuffer] });
    Object.assign(given, { width: 1, channels: 1 });
    const answer = await asked;
    expect(method === "tensor" ? answer : ran[0]).toEqual(expected);
    expect(gets.filter((key) => own.some((each) => each === key))).toEqual(read);
  });

  it("is as it was at the call, though it is overwritten meanwhile", async () => {
    const { model } = pictureModel();
    const [raw, encoded] = [pixels(3), Uint8Array.from(await png(3))];
    const { buffer } = Uint8Array.from(encoded);
    const list = [raw, encoded, buffer];
    const asked = model.tensor(list);
    for (const each of [raw.data, encoded, new Uint8Array(buffer)]) each.fill(0);
    list.length = 0;
    expect(await asked).toEqual(Float32Array.of(...expected, ...expected, ...expected));
  });

  it("is told where it was transferred before", async () => {
    const { model } = pictureModel();
    const gone = pixels(3);
    const { buffer } = gone.data;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    const told = (name: string): TypeError =>
      new TypeError(
        `Fake.tensor: the memory of ${name} was transferred elsewhere (its buffer is detached).`,
      );
    await expect(model.tensor(gone)).rejects.toThrow(told("image.data"));
    await expect(model.tensor(gone.data)).rejects.toThrow(told("image"));
    await expect(model.tensor([pixels(3), buffer])).rejects.toThrow(told("images[1]"));
  });
});

describe("a picture that is refused", () => {
  const any =
    "expected a path, a file URL, the bytes of a picture (Uint8Array, ArrayBuffer or Blob), " +
    "an ImageData, or { data, width, height, channels }.";
  const raw = pixels(3);
  const whole = "expected a whole number of at least 1.";
  const cases: readonly [what: string, source: unknown, message: string][] = [
    ["nothing", undefined, `image is undefined, ${any}`],
    ["null", null, `image is null, ${any}`],
    ["a number", 42, `image is 42, ${any}`],
    ["a function", () => raw, `image is a function, ${any}`],
    ["floats", new Float32Array(4), `image is a Float32Array, ${any}`],
    ["a view of no type", new DataView(new ArrayBuffer(4)), `image is a DataView, ${any}`],
    ["a promise", Promise.resolve("a.png"), `image is a Promise, ${any}`],
    ["a Set", new Set(["a.png"]), `image is a Set, ${any}`],
    [
      "a hole in a list",
      Object.assign(new Array<unknown>(2), { 0: raw }),
      `images[1] is undefined, ${any}`,
    ],
    ["a list in a list", [[raw]], `images[0] is an Array, ${any}`],
    ["options of sharp", { create: { ...raw, background: "#fff" } }, `image is an Object, ${any}`],
    ["more options of sharp", { raw: { width: 1 }, text: {} }, `image is an Object, ${any}`],
    ["a response", new Response("x"), `image is a Response, ${any}`],
    ["data alone", { data: raw.data }, `image is an Object, ${any}`],
    [
      "pixels without their size",
      new Uint8ClampedArray(4),
      "image is a Uint8ClampedArray, expected its ImageData or { data, width, height, channels }: " +
        "bytes alone say nothing of rows.",
    ],
    [
      "sharp's pair",
      { data: raw.data, info: { width, height, channels: 3 } },
      "image is an Object, expected { data, width, height, channels }: write { data, ...info }.",
    ],
    ["no width", { ...raw, width: undefined }, `image.width is undefined, ${whole}`],
    [
      "no channels",
      { ...raw, channels: undefined },
      "image.channels is undefined, expected a whole number of 1 to 4.",
    ],
    ["text as a width", { ...raw, width: "9" }, `image.width is "9", ${whole}`],
    ["no pixels", { ...raw, height: 0 }, `image.height is 0, ${whole}`],
    ["half a pixel", { ...raw, width: 4.5 }, `image.width is 4.5, ${whole}`],
    ["NaN pixels", { ...raw, height: NaN }, `image.height is NaN, ${whole}`],
    [
      "five channels",
      { ...raw, channels: 5 },
      "image.channels is 5, expected a whole number of 1 to 4.",
    ],
    [
      "samples of two bytes",
      { ...raw, data: new Uint16Array(189) },
      "image.data is a Uint16Array, expected a Uint8Array or Uint8ClampedArray, a byte a sample.",
    ],
    [
      "a list of bytes",
      { ...raw, data: [1, 2, 3] },
      "image.data is an Array, expected a Uint8Array or Uint8ClampedArray, a byte a sample.",
    ],
    [
      "a byte too few",
      { ...raw, data: raw.data.subarray(1) },
      "image.data holds 188 bytes, expected 189 (9 x 7 pixels of 3 channels, a byte each).",
    ],
    [
      "one of a list",
      ["a.png", { data: new Uint8Array(64), width: 9, height: 7, channels: 1 }],
      "images[1].data holds 64 bytes, expected 63 (9 x 7 pixels of 1 channel, a byte each).",
    ],
  ];
  it.each(cases)("%s", async (_, source, message) => {
    const { model } = pictureModel();
    const refusal = { message: `Fake.tensor: ${message}` };
    const refused = expect(model.tensor(source as never)).rejects;
    await refused.toMatchObject(refusal);
    await expect(model.tensor(source as never)).rejects.toSatisfy(
      (error) => error instanceof TypeError || error instanceof RangeError,
    );
    await expect(model.classify(source as never)).rejects.toThrow(`Fake.classify: ${message}`);
  });

  it("more pixels than are taken", async () => {
    const { model } = pictureModel();
    await expect(model.tensor(raw, { maxPixels: 62 })).rejects.toMatchObject({
      code: "image/too-large",
      message: "A picture of raw pixels has 9 x 7 pixels; more than 62 are not taken.",
      help: "raise the limit with { maxPixels: 63 }, or --max-pixels 63",
    });
    expect(await model.tensor(raw, { maxPixels: 63 })).toHaveLength(48);
    const claims = { ...raw, width: 2 ** 30, height: 2 ** 30 };
    await expect(model.tensor(claims)).rejects.toMatchObject({ code: "image/too-large" });
    const long = { ...raw, width: 1_000_001, height: 1 };
    await expect(model.tensor(long)).rejects.toMatchObject({ code: "image/too-large" });
  });
});
