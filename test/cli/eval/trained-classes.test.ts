/** What a file of weights says of the classes that it was trained for. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { float32Tensor, writeSafetensors } from "../../../src/checkpoints/safetensors/write.js";
import { trainedClasses } from "../../../src/cli/eval/trained-classes.js";
import { classesMetadata } from "../../../src/runtime/weights/class-labels.js";
import { temporaryFolder } from "../../support/cli.js";

const tensors = new Map([["w", float32Tensor([1], Float32Array.of(1))]]);

test("are their names, if it has any", async () => {
  const file = join(temporaryFolder(), "w.safetensors");
  await writeSafetensors(file, tensors, classesMetadata(["ant", "honey bee"]));
  expect(await trainedClasses(file)).toEqual(["ant", "honey bee"]);
  await writeSafetensors(file, tensors, classesMetadata(undefined));
  expect(await trainedClasses(file)).toBeUndefined();
  expect(await trainedClasses("random:1")).toBeUndefined();
  expect(await trainedClasses(undefined)).toBeUndefined();
});

test.each([
  ["[1]", "holds"],
  ['{"names":["ant",2]}', "2"],
  ["{", "is not JSON"],
])("%s is no list of names", async (text, says) => {
  const file = join(temporaryFolder(), "w.safetensors");
  await writeSafetensors(file, tensors, { "incept.classes": text });
  await expect(trainedClasses(file)).rejects.toMatchObject({
    code: "weights/header",
    message: expect.stringContaining(says) as string,
  });
});
