import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { classesOf, requirePictures } from "../../src/cli/labelled.js";
import { checkFile } from "../../src/model/check-file.js";
import type { Network } from "../../src/model/network.js";
import type { Pictures } from "../../src/runtime/train/pictures.js";
import { temporaryFolder } from "../support/cli.js";

const two = "output p: globalavgpool -> linear(2) -> softmax";

function networkOf(body: string, { from = " from image()", labels = "" } = {}): Network {
  const folder = temporaryFolder();
  const file = join(folder, "n.incept");
  writeFileSync(join(folder, "names.txt"), labels);
  const named = labels === "" ? "" : '\n  labels "names.txt"';
  const input = `input image: f32[3, 8, 8]${from}`;
  writeFileSync(file, `model N {\n  ${input}${named}\n  ${body}\n}\n`);
  const { network, diagnostics } = checkFile(file, {});
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return network!;
}

/** Pictures of so many classes, or of classes with names. */
function of(classes: number | readonly string[]): Pictures {
  const labels = typeof classes === "number" ? undefined : classes;
  return {
    ...{ size: 4, classes: typeof classes === "number" ? classes : classes.length },
    ...(labels === undefined ? {} : { labels }),
    ...{ label: () => 0, picture: () => "absent.png", name: String },
  };
}

const told = (
  network: Network,
  pictures: Pictures,
  validation?: Pictures,
  trained?: readonly string[],
) => {
  try {
    return requirePictures("inceptc train", network, pictures, { validation, trained });
  } catch (error) {
    return error;
  }
};

test("pictures that fit, and those to judge by, which may lack classes", () => {
  expect(told(networkOf(two), of(2), of(1))).toBeUndefined();
  const named = networkOf(two, { labels: "cat\ndog\n" });
  expect(told(named, of(["Dog"]), of(["cat"]))).toBeUndefined();
  expect(told(named, of(["Katze", "Hund"]))).toBeUndefined();
});

test.each([
  ["more classes to judge by", networkOf.bind(undefined, two), of(2), of(3), "data/classes"],
  [
    "a name to judge by that the data have not",
    networkOf.bind(undefined, two),
    of(["cat", "dog"]),
    of(["cat", "eel"]),
    "data/labels",
  ],
  [
    "a name that the spec has not",
    () => networkOf(two, { labels: "cat\ndog\n" }),
    of(["cat", "eel"]),
    undefined,
    "data/labels",
  ],
  [
    "a name to judge by that the spec has not",
    () => networkOf(two, { labels: "cat\ndog\n" }),
    of(2),
    of(["cat", "eel"]),
    "data/labels",
  ],
  ["no image", () => networkOf(two, { from: "" }), of(2), undefined, "model/no-image"],
  [
    "several outputs",
    () => networkOf(`${two}\n  output q: globalavgpool -> linear(2) -> softmax`),
    of(2),
    undefined,
    "data/classes",
  ],
  [
    "a class for each pixel",
    () => networkOf("output p: conv(1x1, 2) -> softmax"),
    of(2),
    undefined,
    "data/classes",
  ],
] as const)("%s: refused", (_, network, train, validation, code) => {
  expect(told(network(), train, validation)).toMatchObject({ code });
});

test("of several outputs the one that is trained has the classes", () => {
  const other = "output q: globalavgpool -> linear(3)";
  const network = networkOf(`${two}\n  ${other}\n  train { loss: { p: cross_entropy } }`);
  expect(classesOf(network)).toBe(2);
  expect(told(network, of(2))).toBeUndefined();
  expect(told(network, of(3))).toMatchObject({
    message: "The data have 3 classes, and the output p of N has 2.",
  });
});

test("classes that weights were trained for are those of the data, in whatever order", () => {
  const trained = ["cat", "dog"];
  expect(told(networkOf(two), of(["Dog", "cat"]), undefined, trained)).toBeUndefined();
  expect(told(networkOf(two), of(["dog"]), undefined, trained)).toBeUndefined();
  expect(told(networkOf(two), of(2), undefined, trained)).toBeUndefined();
  expect(told(networkOf(two), of(["cat", "eel"]), undefined, trained)).toMatchObject({
    code: "data/labels",
    message:
      "inceptc train: the class eel of the data is not among the 2 classes that the weights were trained for.",
    help: "judge by pictures of the same classes, or by the weights that were trained for these",
  });
  // The spec's own names count before them, and names of another number say nothing.
  const named = networkOf(two, { labels: "cat\neel\n" });
  expect(told(named, of(["cat", "eel"]), undefined, trained)).toBeUndefined();
  expect(told(networkOf(two), of(["x", "y"]), undefined, ["cat"])).toBeUndefined();
});
