import { expect, it } from "vitest";
import { answersOf, type Classifier } from "../../src/cli/pictures.js";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import type { InceptErrorCode } from "../../src/diagnostics/error-codes.js";

/** Answers with the picture's name; a batch with a picture of `bad` in it is none. */
function classifier(
  bad: readonly string[],
  code: InceptErrorCode = "image/unreadable",
): {
  readonly model: Classifier;
  readonly batches: (readonly string[])[];
} {
  const batches: (readonly string[])[] = [];
  const classify: Classifier["classify"] = (images) => {
    batches.push(images);
    const first = images.find((image) => bad.includes(image));
    if (first !== undefined) return Promise.reject(new InceptError(code, `${first} is bad.`));
    return Promise.resolve(images.map((label) => [{ index: 0, label, probability: 1 }]));
  };
  return { model: { info: { maxBatch: 4 }, classify }, batches };
}

const images = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

const told = async (model: Classifier): Promise<string[]> =>
  (await answersOf(model, images, {})).map((answer) =>
    "error" in answer ? `${answer.image}: ${answer.error.message}` : answer.classes[0]!.label,
  );

it("pictures are classified by batches, in their order", async () => {
  const { model, batches } = classifier([]);
  expect(await told(model)).toEqual(images);
  expect(batches.map(({ length }) => length)).toEqual([4, 4, 1]);
});

it("a picture that is none has its error in its place, and the rest still runs by batches", async () => {
  const { model, batches } = classifier(["b", "i"]);
  const expected = images.map((name) =>
    name === "b" || name === "i" ? `${name}: ${name} is bad.` : name,
  );
  expect(await told(model)).toEqual(expected);
  expect(batches.map((batch) => batch.join(""))).toEqual([
    "abcd",
    "ab",
    "a",
    "b",
    "cd",
    "efgh",
    "i",
  ]);
});

it.each<InceptErrorCode>(["image/no-decoder", "cuda/lost", "model/no-classes"])(
  "%s ends the whole: no other picture would fare better",
  async (code) => {
    const { model, batches } = classifier(["b"], code);
    await expect(told(model)).rejects.toMatchObject({ code });
    expect(batches).toHaveLength(1);
  },
);
