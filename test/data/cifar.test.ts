import { appendFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cifar10, cifar100, openData, type Pictures } from "../../src/index.js";
import type { RawPixels } from "../../src/index.js";
import { cifarPixels, cifarRows, dataFolder, labelsOf } from "./support.js";

const folder = dataFolder();

const pixelsOf = async (pictures: Pictures, index: number): Promise<number[]> => {
  const { data, width, height, channels } = (await pictures.picture(index)) as RawPixels;
  expect([width, height, channels]).toEqual([32, 32, 3]);
  return [...data];
};

it("reads rows of CIFAR-10 of several files, each when it is asked for", async () => {
  const one = folder.write("ten/a.bin", cifarRows([[3], [0], [9]]));
  const two = folder.write("ten/b.bin", cifarRows([[1], [1]]));
  const pictures = await cifar10([one, two]);
  expect([pictures.size, pictures.classes, pictures.labels]).toEqual([5, 10, undefined]);
  expect(labelsOf(pictures)).toEqual([3, 0, 9, 1, 1]);
  expect(await pixelsOf(pictures, 2)).toEqual(cifarPixels(2));
  expect(await pixelsOf(pictures, 4)).toEqual(cifarPixels(1));
  expect([pictures.name(2), pictures.name(3)]).toEqual([`${one}[2]`, `${two}[0]`]);
  const all = await Promise.all([0, 1, 2, 3, 4].map((i) => pixelsOf(pictures, i)));
  expect(all[1]).toEqual(cifarPixels(1));
});

it("reads either label of CIFAR-100", async () => {
  const file = folder.write(
    "hundred/x.bin",
    cifarRows([
      [4, 60],
      [19, 99],
    ]),
  );
  const fine = await cifar100(file);
  expect([fine.classes, labelsOf(fine)]).toEqual([100, [60, 99]]);
  expect(await pixelsOf(fine, 1)).toEqual(cifarPixels(1));
  const coarse = await cifar100([file], { labels: "coarse" });
  expect([coarse.classes, labelsOf(coarse)]).toEqual([20, [4, 19]]);
});

it("names classes as the file beside does", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `thing ${i}`);
  folder.write("named/batches.meta.txt", `${names.join("\n")}\n\n`);
  const file = folder.write("named/data.bin", cifarRows([[3]]));
  expect((await cifar10(file)).labels).toEqual(names);
  folder.write("misnamed/batches.meta.txt", "cat\ndog\n");
  await expect(cifar10(folder.write("misnamed/data.bin", cifarRows([[3]])))).rejects.toMatchObject({
    code: "labels/count",
    message: `${join(folder.path, "misnamed/batches.meta.txt")} names 2 classes, and the data have 10.`,
  });
});

it("tells files that hold something else", async () => {
  const short = folder.write("short.bin", cifarRows([[3]]).subarray(1));
  await expect(cifar10(short)).rejects.toMatchObject({
    code: "data/format",
    message: `${short} holds 3,072 bytes, expected rows of 3,073 bytes: a label and 3 x 32 x 32 bytes, as CIFAR-10's binary version has them.`,
  });
  await expect(cifar10(folder.write("empty.bin", ""))).rejects.toMatchObject({
    code: "data/empty",
  });
  const odd = folder.write("odd.bin", cifarRows([[3], [10]]));
  await expect(cifar10(odd)).rejects.toMatchObject({
    code: "data/format",
    message: `${odd}[1] has the label 10, expected one of 0 to 9: the file holds no rows of CIFAR-10.`,
  });
  await expect(cifar10(join(folder.path, "nothing"))).rejects.toMatchObject({
    code: "file/not-found",
  });
  await expect(cifar10([])).rejects.toThrow("cifar10: files is an Array, expected a path");
  await expect(cifar10(3 as unknown as string)).rejects.toThrow("cifar10: files is 3, expected");
});

it("tells a file that is another one by the time it is read", async () => {
  const file = folder.write("moving.bin", cifarRows([[1], [2]]));
  const pictures = await cifar10(file);
  expect(await pixelsOf(pictures, 1)).toEqual(cifarPixels(1));
  truncateSync(file, 4000);
  await expect(pictures.picture(1)).rejects.toMatchObject({
    code: "data/changed",
    message: `${file} was changed while it is trained on: it had 6,146 bytes and has 4,000 by now.`,
  });
  renameSync(file, `${file}.gone`);
  await expect(pictures.picture(1)).rejects.toMatchObject({ code: "file/not-found" });
  writeFileSync(file, "");
  appendFileSync(file, cifarRows([[1], [3]]));
  await expect(pictures.picture(1)).rejects.toMatchObject({ code: "data/changed" });
});

it("is recognised as a folder and as a file", async () => {
  const rows = (label: number): Buffer => cifarRows([[label], [label]]);
  folder.write("ten-folder/data_batch_10.bin", rows(4));
  folder.write("ten-folder/data_batch_2.bin", rows(2));
  folder.write("ten-folder/test_batch.bin", rows(9));
  const ten = await openData(join(folder.path, "ten-folder"));
  expect([ten.kind, labelsOf(ten.train)]).toEqual(["cifar10", [2, 2, 4, 4]]);
  expect(labelsOf(ten.validation!)).toEqual([9, 9]);

  folder.write(
    "hundred-folder/train.bin",
    cifarRows([
      [1, 50],
      [2, 70],
    ]),
  );
  const hundred = await openData(join(folder.path, "hundred-folder"), { validation: 0.5 });
  expect([hundred.kind, hundred.train.classes]).toEqual(["cifar100", 100]);
  expect([hundred.train.size, hundred.validation]).toEqual([2, undefined]);

  const file = folder.write("alone.bin", cifarRows(Array.from({ length: 20 }, (_, i) => [i % 2])));
  const alone = await openData(file, { validation: 0.2, seed: 4 });
  expect([alone.kind, alone.train.size, alone.validation!.size]).toEqual(["cifar10", 16, 4]);
  expect(labelsOf(alone.validation!).sort()).toEqual([0, 0, 1, 1]);
  expect((await openData(file, { validation: 0 })).validation).toBeUndefined();

  await expect(openData(folder.write("notes.txt", "hello"))).rejects.toMatchObject({
    code: "data/format",
    help: expect.stringContaining("CIFAR-10") as string,
  });
});
