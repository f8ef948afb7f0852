import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MemoryBytes } from "../../src/checkpoints/bytes.js";
import { readNet } from "../../src/checkpoints/caffe/net.js";
import type { Checkpoint } from "../../src/checkpoints/checkpoint.js";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { Pages } from "../../src/checkpoints/pages.js";
import { expectPrinted, fixture, printed } from "./expected.js";

it.each(printed("caffe"))("reads %s", async (file, tensors) => {
  const path = fixture("caffe", file);
  for (const from of [path, readFileSync(path)]) {
    const checkpoint = await openCheckpoint(from);
    await expectPrinted(checkpoint, tensors);
    expect(checkpoint.tensors.size).toBe(Object.keys(tensors).length);
    await checkpoint.close();
  }
});

/** `LayerParameter` of a name and a type, and its blobs. */
const layer = (name: string, type: string, ...blobs: readonly Buffer[]): Buffer =>
  part(
    100,
    part(1, Buffer.from(name)),
    part(2, Buffer.from(type)),
    ...blobs.map((b) => part(7, b)),
  );

const blob = (shape: readonly number[], values: readonly number[]): Buffer =>
  Buffer.concat([
    part(7, part(1, Buffer.from(shape))),
    part(5, Buffer.from(Float32Array.from(values).buffer)),
  ]);

/** A field of wire type 2, of less than 128 bytes. */
function part(number: number, ...inner: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(inner);
  const tag = number * 8 + 2;
  return Buffer.from([
    ...(tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7]),
    bytes.length,
    ...bytes,
  ]);
}

const open = (...layers: readonly Buffer[]): Promise<Checkpoint> =>
  openCheckpoint(Buffer.concat([part(1, Buffer.from("net")), ...layers]), { name: "w.caffemodel" });

it("says of a blob that its numbers do not fill its shape, when it is asked for", async () => {
  const net = await open(layer("fc", "InnerProduct", blob([2, 3], [1, 2, 3]), blob([2], [5, 6])));
  expect([...(await net.readFloat32("fc.bias"))]).toEqual([5, 6]);
  await expect(net.readFloat32("fc.weight")).rejects.toMatchObject({
    code: "weights/damaged",
    message: "w.caffemodel is damaged: fc.weight has 3 values, its shape asks for 6.",
  });
});

it("keeps apart a scale of what is no normalization, and of one that has its own", async () => {
  const vector = blob([1], [4]);
  const norm = layer("bn", "BatchNorm", vector, vector, vector);
  const named = (checkpoint: Checkpoint): readonly string[] => [...checkpoint.tensors.keys()];
  const scale = layer("s", "Scale", vector);
  expect(named(await open(layer("c", "Convolution", vector), scale))).toEqual([
    "c.weight",
    "s.weight",
  ]);
  const whole = layer("bn", "BatchNorm", vector, vector, vector, vector, vector);
  expect(named(await open(whole, scale)).at(-1)).toBe("s.weight");
  expect(named(await open(norm, scale, layer("t", "Scale", vector))).slice(-2)).toEqual([
    "bn.weight",
    "t.weight",
  ]);
});

it.each([
  ["is not there", [], "the factor of bn is not there"],
  ["is empty", [part(5)], "the factor of bn has 0 values and not one"],
  ["is several", [blob([2], [1, 2])], "the factor of bn has 2 values and not one"],
  ["is no number", [part(5, Buffer.alloc(5))], "the factor of bn holds no whole number of values"],
])("makes no statistics of sums whose factor %s", async (_, factor, what) => {
  const sums = blob([2], [2, 4]);
  const net = await open(layer("bn", "BatchNorm", sums, sums, ...factor));
  for (const name of ["bn.running_mean", "bn.running_var"]) {
    await expect(net.readFloat32(name)).rejects.toMatchObject({
      code: "weights/damaged",
      message: `w.caffemodel is damaged: ${what}.`,
    });
  }
});

it.each([
  [0, [0, 0]],
  [2, [1, 2]],
])("divides sums by a factor of %d as Caffe does", async (factor, values) => {
  const sums = blob([2], [2, 4]);
  const net = await open(layer("bn", "BatchNorm", sums, sums, blob([1], [factor])));
  expect([...(await net.readFloat32("bn.running_mean"))]).toEqual(values);
});

it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "reads a layer of a type that is called %s as any other",
  async (type) => {
    const bytes = layer("l", type, blob([1], [4]), blob([1], [5]));
    const [read] = await readNet(new Pages(new MemoryBytes("w.caffemodel", bytes)));
    expect(read?.type).toBe(type);
    const net = await open(bytes);
    expect([...net.tensors.keys()]).toEqual(["l.weight", "l.bias"]);
    expect([...(await net.readFloat32("l.bias"))]).toEqual([5]);
  },
);

it("makes no more of a long name than it may where many blobs have it", async () => {
  const long = (number: number, ...inner: readonly Buffer[]): Buffer => {
    const bytes = Buffer.concat(inner);
    const tag = number < 16 ? [number * 8 + 2] : [((number * 8 + 2) & 127) | 128, number >> 4];
    const size = [
      (bytes.length & 127) | 128,
      ((bytes.length >> 7) & 127) | 128,
      bytes.length >> 14,
    ];
    return Buffer.concat([Buffer.from([...tag, ...size]), bytes]);
  };
  const blobs = Array.from({ length: 2000 }, () => part(7));
  const net = long(100, long(1, Buffer.alloc(60_000, "n")), ...blobs);
  await expect(open(net)).rejects.toMatchObject({
    code: "weights/damaged",
    message: "w.caffemodel is damaged: the names of its tensors have over 67108864 characters.",
  });
});

it("refuses two layers of one name, and files that end early or hold no layers", async () => {
  const conv = layer("c", "Convolution", blob([1], [4]));
  await expect(open(conv, conv)).rejects.toMatchObject({ code: "weights/duplicate" });
  await expect(open(part(3, Buffer.from("data")))).rejects.toMatchObject({
    message: "w.caffemodel is damaged: it has no layers.",
  });
  const whole = readFileSync(fixture("caffe", "layer.caffemodel"));
  for (const length of [20, 200, whole.length - 1]) {
    await expect(openCheckpoint(whole.subarray(0, length))).rejects.toMatchObject({
      code: expect.stringMatching(/^weights\/(?:truncated|damaged)$/) as string,
      help: expect.stringContaining("copied whole") as string,
    });
  }
});
