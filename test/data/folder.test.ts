import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { imageFolder, openData, split, type Pictures } from "../../src/index.js";
import { dataFolder, labelsOf } from "./support.js";

const folder = dataFolder();
const namesOf = (pictures: Pictures, below: string): string[] =>
  Array.from({ length: pictures.size }, (_, i) => pictures.name(i).slice(below.length + 1));

it("has a class for each folder, by name, and pictures below it", async () => {
  const path = join(folder.path, "photos");
  for (const name of ["dog/b.png", "dog/a.JPEG", "Cat/1.webp", "Cat/more/0.gif", "éclair/x.tiff"]) {
    folder.write(`photos/${name}`, "x");
  }
  for (const name of ["notes.txt", "dog/Thumbs.db", "dog/.hidden.png", ".git/y.png", "dog/c.csv"]) {
    folder.write(`photos/${name}`, "x");
  }
  const pictures = await imageFolder(path);
  expect([pictures.labels, pictures.classes]).toEqual([["Cat", "dog", "éclair"], 3]);
  expect(namesOf(pictures, path)).toEqual([
    ...["Cat/1.webp", "Cat/more/0.gif", "dog/a.JPEG", "dog/b.png", "éclair/x.tiff"],
  ]);
  expect(labelsOf(pictures)).toEqual([0, 0, 1, 1, 2]);
  expect(pictures.picture(2)).toBe(join(path, "dog/a.JPEG"));
  expect(pictures.ignored).toBe(3);
});

it("follows links once, and takes what nobody can read for a picture that is broken", async () => {
  const path = join(folder.path, "linked");
  folder.write("linked/a/1.png", "x");
  folder.write("elsewhere/2.png", "x");
  symlinkSync(join(folder.path, "elsewhere"), join(path, "b"));
  symlinkSync("..", join(path, "a", "above"));
  symlinkSync("nowhere.png", join(path, "a", "gone.png"));
  execFileSync("mkfifo", [join(path, "a", "pipe.png")]);
  const pictures = await imageFolder(path);
  expect(namesOf(pictures, path)).toEqual([
    ...["a/1.png", "a/gone.png", "a/pipe.png", "a/above/b/2.png", "b/2.png"],
  ]);
});

it("tells folders in which there is nothing to learn", async () => {
  folder.write("bare/a.png", "x");
  folder.write("hollow/full/a.png", "x");
  folder.write("hollow/void/a.txt", "x");
  mkdirSync(join(folder.path, "nothing"));
  const of = (name: string) => expect(imageFolder(join(folder.path, name))).rejects;
  await of("bare").toMatchObject({
    code: "data/format",
    message: `${join(folder.path, "bare")} holds 1 file and no folders, expected a folder of pictures for each class.`,
  });
  await of("nothing").toMatchObject({ code: "data/empty" });
  await of("hollow").toMatchObject({
    code: "data/empty",
    message: `${join(folder.path, "hollow/void")} holds no picture, and 1 other file: nothing says what its class looks like.`,
  });
  await of("absent").toMatchObject({ code: "file/not-found" });
  await of("bare/a.png").toMatchObject({ code: "file/not-found" });
});

it("is recognised with its parts, whose classes are those that are trained", async () => {
  const path = join(folder.path, "parted");
  for (const name of ["train/ant/1.png", "train/bee/1.png", "train/cat/1.png"]) {
    folder.write(`parted/${name}`, "x");
  }
  // Two classes of three: those have the numbers that training gives them.
  for (const name of ["bee/2.png", "cat/3.png"]) folder.write(`parted/val/${name}`, "x");
  folder.write("parted/test/cat/4.png", "x");
  folder.write("parted/README.md", "x");
  const found = await openData(path);
  expect(found.kind).toBe("folder");
  expect(labelsOf(found.train)).toEqual([0, 1, 2]);
  expect([labelsOf(found.validation!), found.validation!.labels]).toEqual([
    [1, 2],
    ["ant", "bee", "cat"],
  ]);
  expect(labelsOf(found.test!)).toEqual([2]);
  folder.write("parted/val/bees/5.png", "x");
  await expect(openData(path)).rejects.toMatchObject({
    code: "data/classes",
    message: `${join(path, "val/bees")}: there is no class bees among the 3 that are trained on; did you mean bee?`,
  });
  rmSync(join(path, "val"), { recursive: true });
  expect(labelsOf((await openData(path)).validation!)).toEqual([2]);
  folder.write("parted/unlabelled/1.png", "x");
  await expect(openData(path)).rejects.toMatchObject({
    code: "data/format",
    message: `${path} has the parts of a data set, and unlabelled beside them.`,
  });
  // A class may be called so.
  folder.write("vehicles/train/1.png", "x");
  folder.write("vehicles/tram/1.png", "x");
  const vehicles = await openData(join(folder.path, "vehicles"), { validation: 0 });
  expect(vehicles.train.labels).toEqual(["train", "tram"]);
});

it("says what it found where it knows nothing of it", async () => {
  mkdirSync(join(folder.path, "dangling"));
  symlinkSync("nowhere.bin", join(folder.path, "dangling", "train.bin"));
  await expect(openData(join(folder.path, "dangling"))).rejects.toMatchObject({
    code: "file/not-found",
  });
  folder.write("python/data_batch_1", "x");
  folder.write("python/batches.meta", "x");
  await expect(openData(join(folder.path, "python"))).rejects.toMatchObject({
    code: "data/format",
    message: `${join(folder.path, "python")} holds 2 files (batches.meta, data_batch_1), which are no data that are known.`,
    help: expect.stringContaining("binary version") as string,
  });
  const archive = folder.write("photos.zip", "PK");
  await expect(openData(archive)).rejects.toMatchObject({
    message: `${archive}, of 2 bytes, is no data that are known.`,
    help: expect.stringContaining("unpack it") as string,
  });
  execFileSync("mkfifo", [join(folder.path, "pipe")]);
  await expect(openData(join(folder.path, "pipe"))).rejects.toMatchObject({
    code: "file/not-a-file",
  });
  await expect(openData("")).rejects.toMatchObject({ code: "file/not-found" });
  await expect(openData(folder.path, { validation: 1 })).rejects.toThrow(
    "openData: validation is 1, expected a number from 0 to below 1.",
  );
});

/** Of class 0 so many, and so on. */
function counts(...of: number[]): Pictures {
  const classes = of.flatMap((count, label) => Array.from({ length: count }, () => label));
  return {
    ...{ size: classes.length, classes: of.length },
    label: (i) => classes[i]!,
    picture: (i) => String(i),
    name: (i) => `${i}.png`,
  };
}

const perClass = (pictures: Pictures, classes: number): number[] => {
  const all = labelsOf(pictures);
  return Array.from({ length: classes }, (_, label) => all.filter((one) => one === label).length);
};

it("splits each class alike, by the seed alone, and loses nothing", () => {
  const whole = counts(40, 20, 10, 1);
  const { train, validation } = split(whole, { validation: 0.1, seed: 3 });
  expect(perClass(validation, 4)).toEqual([4, 2, 1, 0]);
  const names = (pictures: Pictures): string[] =>
    Array.from({ length: pictures.size }, (_, i) => pictures.name(i));
  const all = [...names(train), ...names(validation)];
  expect(all.sort()).toEqual(names(whole).sort());
  expect(names(split(whole, { seed: 3 }).validation)).toEqual(names(validation));
  expect(names(split(whole, { seed: 4 }).validation)).not.toEqual(names(validation));
  expect(validation.picture(0)).toBe(validation.name(0).replace(".png", ""));
  // Of many small classes a tenth of all is held back, of no class all.
  const small = split(counts(...Array.from({ length: 100 }, () => 3)));
  expect(small.validation.size).toBe(30);
  expect(Math.max(...perClass(split(counts(1, 2, 2), { validation: 0.9 }).validation, 3))).toBe(1);
  expect(() => split({} as Pictures)).toThrow("split: pictures is an Object, expected pictures");
  expect(() => split(whole, { validation: -1 })).toThrow("split: validation is -1");
});
