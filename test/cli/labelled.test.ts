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

const told = (network: Network, ...data: [Pictures, Pictures?]) => {
  try {
    return requirePictures("inceptc train", network, ...data);
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
