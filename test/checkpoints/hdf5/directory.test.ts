/** What small files cost that name one place many times. */
import { afterEach, expect, it, vi } from "vitest";
import { Cursor } from "../../../src/checkpoints/hdf5/cursor.js";
import { Hdf5 } from "../../../src/checkpoints/hdf5/file.js";
import { HdfObject, messageType } from "../../../src/checkpoints/hdf5/object.js";
import { kerasTensors } from "../../../src/checkpoints/keras/hdf5.js";
import { Pages } from "../../../src/checkpoints/pages.js";
import { turned } from "../../../src/checkpoints/turn.js";
import {
  continuation,
  floats,
  heapOf,
  heapTexts,
  link,
  message,
  object,
  padding,
  stored,
  texts,
  u64,
  Writing,
} from "./bytes.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const mebibyte = 1 << 20;

it("reads the header of a dataset once, whatever it is called, and keeps no more than it uses", async () => {
  const file = new Writing();
  const dataset = file.add(object(floats(2), padding(mebibyte)));
  const source = stored(file, new Array<number>(300).fill(dataset));
  expect(await kerasTensors(source)).toHaveLength(300);
  expect(source.bytesRead).toBeLessThan(2 * source.size);
  const { messages } = await HdfObject.read(new Hdf5(new Pages(source)), dataset, "w");
  expect(messages.map(({ type }) => type)).toEqual([messageType.dataspace, messageType.datatype]);
  for (const { bytes } of messages) expect(bytes.buffer.byteLength).toBeLessThan(1 << 14);
});

it("reads no more headers than a file may have where they go on in one place", async () => {
  const file = new Writing();
  const rest = continuation(padding(mebibyte));
  const at = file.add(rest);
  const more = message(messageType.continuation, u64(at), u64(rest.length));
  const datasets = Array.from({ length: 100 }, () => file.add(object(floats(2), more)));
  const source = stored(file, datasets);
  await expect(kerasTensors(source)).rejects.toMatchObject({
    code: "weights/damaged",
    message: "w.h5 is damaged: it has over 67108864 bytes in headers.",
  });
});

it.each([
  ["a name of a megabyte", mebibyte, "a heap of texts has one of 1048576 bytes"],
  ["a name many times", 1 << 16, "it has over 67108864 bytes of text"],
])("reads a list of %s no further than it may go", async (_, length, what) => {
  const file = new Writing();
  const heap = file.add(heapOf(Buffer.alloc(length, "n")));
  const source = file.done(file.add(object(heapTexts("layer_names", 4000, length, heap))));
  await expect(kerasTensors(source)).rejects.toMatchObject({
    code: "weights/damaged",
    message: `w.h5 is damaged: ${what}.`,
  });
  expect(source.bytesRead).toBeLessThan(80 * mebibyte);
});

it("makes no more of a long name than it may where many weights have it", async () => {
  const file = new Writing();
  const dataset = file.add(object(floats(2)));
  const name = "n".repeat(60_000);
  const paths = Array.from({ length: 2000 }, (_, i) => `${i}`);
  const layer = file.add(
    object(...paths.map((path) => link(path, dataset)), texts("weight_names", ...paths)),
  );
  const source = file.done(file.add(object(link(name, layer), texts("layer_names", name))));
  await expect(kerasTensors(source)).rejects.toMatchObject({
    message: "w.h5 is damaged: it has over 67108864 bytes of text.",
  });
});

it("reads the description of a network, which is longer than a name", async () => {
  const file = new Writing();
  const text = Buffer.from(`{"config": []}${" ".repeat(mebibyte)}`);
  const heap = file.add(heapOf(text));
  const config = heapTexts("model_config", 1, text.length, heap);
  const source = file.done(file.add(object(texts("layer_names"), config)));
  expect(await kerasTensors(source)).toEqual([]);
  expect(source.bytesRead).toBeGreaterThan(mebibyte);
});

it("reads the attributes of an object once, however many make a list", async () => {
  const count = 2000;
  const lists = Array.from({ length: count }, (_, i) => texts(`layer_names${i}`));
  const file = new Writing();
  const source = file.done(file.add(object(...lists)));
  const read = vi.spyOn(Cursor.prototype, "text");
  expect(await kerasTensors(source)).toEqual([]);
  expect(read.mock.calls.length).toBeLessThan(2 * count);
});

it("says of what does not fit into memory that it does not", async () => {
  const size = 2 ** 52;
  const endless = {
    name: "w.h5",
    size,
    read: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  await expect(new Pages(endless).at(0, size, "a header")).rejects.toMatchObject({
    code: "memory/exhausted",
    message: expect.stringContaining("w.h5: a header takes 4503599627370496 bytes") as string,
  });
  const values = { length: size } as Float32Array;
  expect(() => turned(values, [size], [0], "w.h5: a")).toThrow(
    expect.objectContaining({ code: "memory/exhausted" }),
  );
});
