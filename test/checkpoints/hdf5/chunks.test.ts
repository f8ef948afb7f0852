/** What small files cost that cut an array into chunks as no library does. */
import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { kerasTensors } from "../../../src/checkpoints/keras/hdf5.js";
import { chunks, filters, floats, leaf, object, stored, Writing } from "./bytes.js";

const [deflate, shuffle] = [1, 2];

interface Cut {
  readonly chunk: number;
  readonly places: readonly number[];
  readonly filters?: readonly number[];
  /** How long each is said to be. Default: as long as it is. */
  readonly bytes?: number;
}

/** Reads an array of four numbers; each chunk holds the first of 1, 2, 3, … */
async function read(cut: Cut): Promise<readonly number[]> {
  const file = new Writing();
  const numbers = Array.from({ length: Math.min(cut.chunk, 16) }, (_, i) => i + 1);
  const plain = Buffer.from(Float32Array.from(numbers).buffer);
  const packed = cut.filters === undefined ? plain : deflateSync(plain);
  const address = file.add(packed);
  const bytes = cut.bytes ?? packed.length;
  const tree = file.add(leaf(...cut.places.map((at) => ({ begin: [at], address, bytes }))));
  const filtered = cut.filters === undefined ? [] : [filters(...cut.filters)];
  const dataset = file.add(object(floats(4), chunks(tree, cut.chunk), ...filtered));
  file.add(Buffer.alloc(10_000));
  const [tensor] = await kerasTensors(stored(file, [dataset]));
  return [...(await tensor!.read("w.h5: w"))];
}

it("reads each chunk to its place, also one that is larger than the array", async () => {
  expect(await read({ chunk: 2, places: [0, 2] })).toEqual([1, 2, 1, 2]);
  expect(await read({ chunk: 2, places: [2], filters: [deflate] })).toEqual([0, 0, 1, 2]);
  expect(await read({ chunk: 16, places: [0], filters: [deflate] })).toEqual([1, 2, 3, 4]);
});

it.each<[string, Cut, string]>([
  ["a place twice", { chunk: 2, places: [0, 0] }, "a part of layers/dense/vars/0 is there twice"],
  [
    "chunks that dwarf it",
    { chunk: 1 << 26, places: [0], filters: [deflate] },
    "the parts of layers/dense/vars/0 have 268435456 bytes, it has 16",
  ],
  [
    "more than a chunk is packed to",
    { chunk: 2, places: [0], filters: [deflate], bytes: 5000 },
    "a part of layers/dense/vars/0 has 5000 bytes for 8",
  ],
  [
    "a filter over and over",
    { chunk: 2, places: [0], filters: [deflate, shuffle, deflate] },
    "layers/dense/vars/0 has a filter twice",
  ],
])("refuses an array with %s", async (_, cut, what) => {
  await expect(read(cut)).rejects.toMatchObject({
    code: "weights/damaged",
    message: `w.h5 is damaged: ${what}.`,
  });
});
