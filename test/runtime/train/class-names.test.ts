/** Which class of the network a class of the data is, by their names. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { trainedClasses } from "../../../src/cli/eval/trained-classes.js";
import type { Pictures } from "../../../src/index.js";
import { orderOf } from "../../../src/runtime/train/draw.js";
import { pictures, pictureTrainers, targets } from "./support/picture-trainers.js";

const startOn = pictureTrainers();
const folder = mkdtempSync(join(tmpdir(), "incept-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("names of classes", () => {
  /** Picture i is of the class of the i-th name, over and over. */
  const named = (...labels: string[]): Pictures => ({
    ...{ ...pictures(6), classes: labels.length, labels },
    label: (i) => i % labels.length,
  });
  const spec = ["ant", "honey bee", "Cat"];
  const startNamed = (labels: readonly string[] | undefined, resume?: string) =>
    startOn(resume === undefined ? {} : { resume }, [], [], labels);

  it("are the spec's, in whatever order the data have them", async () => {
    const { trainer, addon } = await startNamed(spec);
    await trainer.fit(named("cat", "Honey_Bee"), { epochs: 1 });
    const order = [...orderOf(6, 0, 0)].slice(0, 4);
    expect(targets(addon).flat()).toEqual(order.map((i) => (i % 2 === 0 ? 2 : 1)));
    const found = await trainer.evaluate(named("honey bee"));
    expect(found.outputs.prob.confusion!.slice(3, 6).reduce((a, b) => a + b)).toBe(6);
    await expect(trainer.fit(named("ant", "honeybee"))).rejects.toMatchObject({
      code: "data/labels",
      message:
        "Line.trainer.fit: the class honeybee of the data is not among the 3 labels of the spec; did you mean honey bee?",
      help: "name the class as the spec's labels do, or add it to them",
    });
  });

  it("of the data are those of their validation, in whatever order that has them", async () => {
    const { trainer } = await startNamed(undefined);
    const seen: (Uint32Array | undefined)[] = [];
    await trainer.fit(named("ant", "bee", "cat"), {
      ...{ epochs: 1, validate: named("cat", "bee") },
      onEpoch: ({ validation }) => void seen.push(validation!.outputs.prob.confusion),
    });
    // Rows of the table: three pictures of class 1 and three of class 2, and none of class 0.
    const rows = [0, 1, 2].map((row) => seen[0]!.slice(3 * row, 3 * row + 3));
    expect(rows.map((row) => row.reduce((a, b) => a + b))).toEqual([0, 3, 3]);
  });

  it("are kept as the spec has them, not as the data do", async () => {
    const file = join(folder, "of-spec.checkpoint");
    const { trainer } = await startNamed(spec);
    await trainer.fit(named("Cat", "ant"), { epochs: 1 });
    await trainer.save(file);
    expect(await trainedClasses(file)).toEqual(spec);
    const weights = join(folder, "of-spec.safetensors");
    await trainer.exportWeights(weights);
    expect(await trainedClasses(weights)).toEqual(spec);
    const resumed = await startNamed(undefined, file);
    await resumed.trainer.fit(named("Cat", "ant"), { epochs: 2 });
    const order = [...orderOf(6, 0, 1)].slice(0, 4);
    expect(targets(resumed.addon).flat()).toEqual(order.map((i) => (i % 2 === 0 ? 2 : 0)));
  });

  it("are as many as there are classes, and labels lie below those", async () => {
    const { trainer } = await startNamed(spec);
    await expect(trainer.fit({ ...named("ant", "Cat"), classes: 3 })).rejects.toThrow(
      "Line.trainer.fit: data.labels holds 2 names, expected a name for each of 3 classes",
    );
    await expect(trainer.fit({ ...pictures(6), classes: 2 })).rejects.toThrow(
      "Line.trainer.fit: the label of photos/2.png is 2, and the data say that they have 2 classes.",
    );
  });

  it("of another language are taken in order, and that is told once", async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", hear);
    const { trainer, addon } = await startNamed(spec);
    const foreign = named("n01", "n02", "n03");
    await trainer.fit(foreign, { epochs: 1, validate: foreign });
    await trainer.evaluate(foreign);
    await new Promise(setImmediate);
    process.off("warning", hear);
    expect(targets(addon).flat()).toEqual([...orderOf(6, 0, 0)].slice(0, 4).map((i) => i % 3));
    expect(warnings.filter((text) => text.includes("class of the data"))).toEqual([
      "Line.trainer.fit: no class of the data (n01, …) is named as one of the spec's labels (ant, …): they are taken in their order.",
      "Line.trainer.evaluate: no class of the data (n01, …) is named as one of the spec's labels (ant, …): they are taken in their order.",
    ]);
    await expect(trainer.fit(named("n01", "n02"))).rejects.toMatchObject({ code: "data/labels" });
  });

  it("of the first data are those of the run, also when it is resumed", async () => {
    const file = join(folder, "named.checkpoint");
    const { trainer } = await startNamed(undefined);
    await trainer.fit(named("dog", "eel"), { epochs: 1 });
    await trainer.save(file);
    const resumed = await startNamed(undefined, file);
    await expect(resumed.trainer.fit(named("cat", "dog", "eel"))).rejects.toMatchObject({
      code: "data/labels",
      message:
        "Line.trainer.fit: the class cat of the data is not among the 2 classes that the run was begun with.",
    });
    await resumed.trainer.fit(named("eel", "dog"), { epochs: 2 });
    const order = [...orderOf(6, 0, 1)].slice(0, 4);
    expect(targets(resumed.addon).flat()).toEqual(order.map((i) => 1 - (i % 2)));
    // Data without names say nothing of them.
    await resumed.trainer.fit(pictures(6), { epochs: 3 });
  });
});
