import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { idx, openData, type RawPixels } from "../../src/index.js";
import { cifarRows, dataFolder, idxFile, labelsOf } from "./support.js";

const folder = dataFolder();

/** So many pictures of 2x3, whose bytes count up. */
const images = (count: number): Buffer =>
  idxFile(
    [count, 2, 3],
    Array.from({ length: count * 6 }, (_, i) => i),
  );
const labels = (...classes: number[]): Buffer => idxFile([classes.length], classes);

it.each([
  ["plain", (bytes: Buffer) => bytes, ""],
  ["compressed", (bytes: Buffer) => gzipSync(bytes), ".gz"],
])("reads pictures of one channel and their labels, %s", async (name, packed, ending) => {
  const file = folder.write(`${name}/train-images-idx3-ubyte${ending}`, packed(images(3)));
  folder.write(`${name}/train-labels-idx1-ubyte${ending}`, packed(labels(2, 0, 7)));
  const pictures = await idx(file);
  expect([pictures.size, pictures.classes, labelsOf(pictures)]).toEqual([3, 8, [2, 0, 7]]);
  expect(await pictures.picture(2)).toEqual({
    ...{ width: 3, height: 2, channels: 1 },
    data: Buffer.from([12, 13, 14, 15, 16, 17]),
  });
  expect(pictures.name(2)).toBe(`${file}[2]`);
});

it("finds labels that are compressed otherwise, or named", async () => {
  const file = folder.write("mixed/t10k-images.idx3-ubyte", images(2));
  folder.write("mixed/t10k-labels.idx1-ubyte.gz", gzipSync(labels(1, 1)));
  expect(labelsOf(await idx(file))).toEqual([1, 1]);
  const odd = folder.write("mixed/pictures", images(1));
  await expect(idx(odd)).rejects.toMatchObject({
    code: "data/format",
    message: `${odd} does not tell where its labels are.`,
    help: "name the file of labels too: idx(images, labels)",
  });
  expect(labelsOf(await idx(odd, folder.write("mixed/classes", labels(4))))).toEqual([4]);
  const alone = folder.write("alone/x-images-idx3-ubyte", images(1));
  await expect(idx(alone)).rejects.toMatchObject({ code: "file/not-found" });
});

it("tells files that hold something else", async () => {
  const good = folder.write("good", labels(1, 2));
  const of = (content: Buffer, classes = good) =>
    expect(idx(folder.write("wrong", content), classes)).rejects;
  const file = join(folder.path, "wrong");
  await of(Buffer.from("hello, world")).toMatchObject({
    code: "data/format",
    message: `${file} is no IDX file: it does not begin as one.`,
  });
  await of(Buffer.alloc(0)).toMatchObject({ code: "data/empty" });
  await of(Buffer.from([0, 0, 8, 200])).toThrow("is no IDX file");
  await of(labels(1)).toThrow(`${file} holds bytes of 1 dimension; pictures have 3 and are bytes.`);
  const floats = images(2);
  floats[2] = 0x0d;
  await of(floats).toThrow(
    `${file} holds values of type 0xd of 3 dimensions; pictures have 3 and are bytes.`,
  );
  await of(images(2).subarray(0, 20)).toThrow(
    `${file} holds 20 bytes, and 2 x 2 x 3 values take 28 bytes.`,
  );
  await of(idxFile([0, 2, 3], [])).toMatchObject({ code: "data/empty" });
  await of(images(3)).toThrow(
    `${file} holds 3 pictures and ${good} 2 labels: they are not of the same data.`,
  );
  await of(gzipSync(images(2)).subarray(0, 30)).toMatchObject({
    code: "data/format",
    message: `${file} cannot be decompressed: unexpected end of file.`,
  });
  // A header may say what it likes.
  await of(idxFile([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [])).toMatchObject({
    code: "data/format",
  });
});

it("is recognised as a folder and as a file", async () => {
  for (const part of ["train", "t10k"]) {
    folder.write(`mnist/${part}-images-idx3-ubyte`, images(4));
    folder.write(`mnist/${part}-labels-idx1-ubyte`, labels(0, 1, 0, 1));
  }
  folder.write("mnist/train-images-idx3-ubyte.gz", "the plain one is read");
  const found = await openData(join(folder.path, "mnist"));
  expect([found.kind, found.train.size, found.validation!.size]).toEqual(["idx", 4, 4]);
  const file = join(folder.path, "mnist/t10k-images-idx3-ubyte");
  const one = await openData(file, { validation: 0.5 });
  expect([one.kind, one.train.size, one.validation!.size]).toEqual(["idx", 2, 2]);
  expect(labelsOf(one.validation!).sort()).toEqual([0, 1]);
});

it("reads a picture of a plain file when it is asked for", async () => {
  const file = folder.write("late-images-idx3", images(2));
  const pictures = await idx(file, folder.write("late-labels", labels(0, 1)));
  expect(((await pictures.picture(1)) as RawPixels).data[0]).toBe(6);
  renameSync(file, `${file}.old`);
  expect(readFileSync(folder.write("late-images-idx3", cifarRows([[1]]))).length).toBe(3073);
  await expect(pictures.picture(1)).rejects.toMatchObject({ code: "data/changed" });
});
