import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { fakeModels, slow } from "./support/models.js";

const { load } = fakeModels();

type Tensor = Float32Array | Uint8Array;

/** What a caller may do with its own memory as soon as `run` has returned. */
const changes: readonly [how: string, change: (image: Tensor) => void][] = [
  ["overwritten", (image) => image.fill(100)],
  ["transferred", (image) => structuredClone(image, { transfer: [image.buffer as ArrayBuffer] })],
  [
    "shrunk",
    (image) => {
      const { buffer } = image as { buffer: { resizable?: boolean; resize?(bytes: number): void } };
      if (buffer.resizable === true) buffer.resize?.(0);
      else image.fill(100);
    },
  ],
];

/** The same four values in memory of every kind. */
const kinds: readonly [kind: string, make: (values: readonly number[]) => Tensor][] = [
  ["f32", (values) => Float32Array.from(values)],
  ["u8", (values) => Uint8Array.from(values)],
  ["a view at an offset", (values) => Float32Array.from([9, 9, ...values, 9]).subarray(2, -1)],
  [
    "a view as long as its resizable buffer",
    (values) => {
      // The lib of TypeScript's ES2023 does not know the options of ArrayBuffer yet.
      const Resizable = ArrayBuffer as new (bytes: number, o: object) => ArrayBuffer;
      const view = new Float32Array(new Resizable(4 * values.length, { maxByteLength: 1024 }));
      view.set(values);
      return view;
    },
  ],
  ["a vm context's f32", (values) => foreign(`Float32Array.from(${JSON.stringify(values)})`)],
  ["a vm context's u8", (values) => foreign(`Uint8Array.from(${JSON.stringify(values)})`)],
];

const foreign = (code: string): Tensor => runInNewContext(code) as Tensor;

/** Of an image of 7, 0, 0, 0 with biases 1, 2, 3, 4. */
const seven = Float32Array.of(15, 2, 3, 4);

describe.each(kinds)("an input that is %s", (_, make) => {
  const image = (): Tensor => make([7, 0, 0, 0]);

  it.each(changes)("is computed as it was at the call, though %s meanwhile", async (_, change) => {
    const model = await load();
    const before = model.run({ image: slow });
    const given = image();
    const waiting = model.run({ image: given });
    change(given);
    expect((await waiting).y).toEqual(seven);
    await before;
  });

  it("is read by runSync where it lies", async () => {
    const model = await load();
    expect(model.runSync({ image: image() }).y).toEqual(seven);
  });
});

describe("an input in shared memory", () => {
  const shared = (values: readonly number[]): Float32Array => {
    const view = new Float32Array(new SharedArrayBuffer(4 * values.length));
    view.set(values);
    return view;
  };

  it("is computed as it was at the call", async () => {
    const model = await load();
    const image = shared([7, 0, 0, 0]);
    const running = model.run({ image });
    image.fill(100);
    expect((await running).y).toEqual(seven);
    expect(model.runSync({ image: shared([7, 0, 0, 0]) }).y).toEqual(seven);
  });
});

describe("what lies beyond maxBatch", () => {
  it("is computed as it was at the call", async () => {
    const model = await load();
    const image = Float32Array.from({ length: 7 * 4 }, (_, i) => (i === 0 ? -1 : i));
    const expected = image.map((x, i) => 2 * x + (i % 4) + 1);
    const running = model.run({ image });
    structuredClone(image, { transfer: [image.buffer] });
    expect((await running).y).toEqual(expected);
  });
});

describe("a caller's object of inputs", () => {
  it("may be given another tensor meanwhile", async () => {
    const model = await load();
    const inputs = { image: Float32Array.of(7, 0, 0, 0) };
    const before = model.run({ image: slow });
    const waiting = model.run(inputs);
    inputs.image = new Float32Array(8);
    expect((await waiting).y).toEqual(seven);
    await before;
  });
});

describe("outputs", () => {
  it("are each run's own", async () => {
    const model = await load({ instances: 2 });
    const image = Float32Array.of(7, 0, 0, 0);
    const [a, b] = await Promise.all([model.run({ image }), model.run({ image })]);
    a["y"]?.fill(0);
    expect(b["y"]).toEqual(seven);
    expect(model.runSync({ image }).y).not.toBe(b["y"]);
  });
});

describe("an input that is refused", () => {
  const detached = new Float32Array(4);
  structuredClone(detached, { transfer: [detached.buffer] });
  const write =
    "whose bytes may be f32 values or u8 values; write " +
    "new Float32Array(b.buffer, b.byteOffset, b.length / 4) or new Uint8Array(b).";
  const cases: readonly [what: string, image: unknown, message: string][] = [
    ["the bytes of one image", Buffer.alloc(16), `Fake.run: image is a Buffer, ${write}`],
    ["the bytes of no image", Buffer.alloc(3), `Fake.run: image is a Buffer, ${write}`],
    [
      "the pixels of a canvas",
      new Uint8ClampedArray(4),
      "Fake.run: image is a Uint8ClampedArray, expected a Float32Array (or Uint8Array).",
    ],
    [
      "whole numbers",
      new Int32Array(4),
      "Fake.run: image is an Int32Array, expected a Float32Array (or Uint8Array).",
    ],
    [
      "bare memory",
      new ArrayBuffer(16),
      "Fake.run: image is an ArrayBuffer, expected a Float32Array (or Uint8Array).",
    ],
    [
      "doubles of a vm context",
      foreign("new Float64Array(4)"),
      "Fake.run: image is a Float64Array, expected a Float32Array (or Uint8Array).",
    ],
    [
      "a likeness",
      Object.setPrototypeOf({ length: 4 }, Float32Array.prototype),
      "Fake.run: image is a Float32Array, expected a Float32Array (or Uint8Array).",
    ],
    [
      "memory that was transferred",
      detached,
      "Fake.run: the memory of image was transferred elsewhere (its buffer is detached).",
    ],
  ];
  it.each(cases)("%s", async (_, image, message) => {
    const model = await load();
    await expect(model.run({ image } as never)).rejects.toThrow(new TypeError(message));
    expect(() => model.runSync({ image } as never)).toThrow(message.replace(".run", ".runSync"));
  });
});
