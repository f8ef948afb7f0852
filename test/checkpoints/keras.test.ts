import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { expectPrinted, fixture, printed } from "./expected.js";

it.each(printed("keras"))("reads %s", async (file, tensors) => {
  const path = fixture("keras", file);
  for (const from of [path, readFileSync(path)]) {
    const checkpoint = await openCheckpoint(from);
    await expectPrinted(checkpoint, tensors);
    const more = [...checkpoint.tensors.keys()].filter((name) => !Object.hasOwn(tensors, name));
    if (file !== "refused.h5") expect(more).toEqual([]);
    await checkpoint.close();
  }
});

describe("of what leads out of a file, or is packed in other ways", () => {
  it.each([
    ["external", "weights/unreadable", "refused/external:0, whose values are in other files"],
    ["virtual", "weights/unreadable", "refused/virtual:0, a virtual dataset of others"],
    ["lzf", "weights/unreadable", "refused/lzf:0, which is compressed with LZF"],
    ["whole", "weights/dtype", "is I64"],
    ["texts", "weights/dtype", "is a text"],
    ["compound", "weights/dtype", "is a compound"],
  ])("it says so when %s is asked for", async (name, code, message) => {
    const checkpoint = await openCheckpoint(fixture("keras", "refused.h5"));
    await expect(checkpoint.readFloat32(`refused.${name}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    await checkpoint.close();
  });

  it("it says so of chunks as they are listed since HDF5 1.10", async () => {
    const checkpoint = await openCheckpoint(fixture("keras", "listed.h5"));
    await expect(checkpoint.readFloat32("fc.weight")).rejects.toMatchObject({
      code: "weights/unreadable",
      message: expect.stringContaining("fc/kernel:0, in chunks as HDF5 1.10 lists them") as string,
      help: expect.stringContaining("libver='earliest'") as string,
    });
    await checkpoint.close();
  });

  it.each([
    ["soft.h5", "weights/unreadable", "holds a soft link, compact, which is not read"],
    ["outside.h5", "weights/unreadable", "holds a link to another file, compact"],
    ["many.h5", "weights/unreadable", "holds a group of many links, which is not read"],
    ["attributes.h5", "weights/unreadable", "holds attributes of / in a heap of their own"],
    ["theano.h5", "weights/unreadable", "holds kernels as Theano turns them"],
    ["foreign.h5", "weights/format", "is an HDF5 file, and none of Keras"],
  ])("it refuses %s", async (file, code, message) => {
    await expect(openCheckpoint(fixture("keras", file))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

it("says of a file that was cut how long it should be", async () => {
  const whole = readFileSync(fixture("keras", "model.h5"));
  for (const length of [whole.length - 1, 5000, 100]) {
    await expect(
      openCheckpoint(whole.subarray(0, length), { name: "cut.h5" }),
    ).rejects.toMatchObject({
      code: "weights/truncated",
      message: `cut.h5 holds ${length} bytes of ${whole.length}.`,
    });
  }
});
