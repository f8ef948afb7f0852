import { describe, expect, test } from "vitest";
import { foreignNames, foreignOperator, foreignWord, plain } from "../../src/ops/foreign/find.js";
import { foreignOperators } from "../../src/ops/foreign/table.js";
import { foreignWords } from "../../src/ops/foreign/words.js";
import { operators } from "../../src/ops/registry.js";
import { checked } from "../support/check.js";

const all = foreignOperators.flatMap(({ names }) => names.split(/\s+/));

test("every name is there once, plain, and none of ours", () => {
  expect(all.filter((name) => name !== plain(name))).toEqual([]);
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  // An operator that has come to the language leaves the table of those that it lacks.
  expect(all.filter((name) => operators.has(name))).toEqual([]);
});

test("each says what to write, or why nothing equals it", () => {
  for (const { names, write, note } of foreignOperators) expect(write ?? note, names).toBeDefined();
});

const writable = foreignOperators.flatMap(({ write }) => (write === undefined ? [] : [write]));

test.each([...new Set(writable)])("%s compiles", (write) => {
  const step = write.replaceAll("N", "8").replace("HxW", "16x16");
  checked(`model M {\n  input image: f32[4, 16, 16]\n  output y: ${step}\n}\n`);
});

test("what is the same under another name is an operator, shown with its name", () => {
  for (const { same, write } of foreignOperators) {
    if (same === undefined) continue;
    expect([...operators.keys()]).toContain(same);
    expect(write).toMatch(new RegExp(`^${same}\\b`));
  }
});

describe("a name is known", () => {
  test.each([
    ["Conv2D", "conv"],
    ["conv_2d", "conv"],
    ["BatchNormalization", "batchnorm"],
    ["GlobalAveragePooling2D", "globalavgpool"],
    ["InnerProduct", "linear"],
    ["local_response_norm", "lrn"],
    ["HSwish", "hardswish"],
    ["gelu_new", "gelu_tanh"],
    ["UpSampling2D", "upsample"],
    ["ResizeBilinear", "upsample"],
  ])("%s is %s", (name, same) => {
    expect(foreignOperator(name)?.same).toBe(same);
  });

  test.each(["SELU", "Mish", "MultiHeadAttention", "MaxUnpool2d", "LSTM"])(
    "%s is nothing here",
    (name) => {
      expect(foreignOperator(name)).toBeDefined();
      expect(foreignOperator(name)?.write).toBeUndefined();
    },
  );

  test.each([...operators.keys(), "Inception", "stem", "x"])("%s is not foreign", (name) => {
    expect(foreignOperator(name)).toBeUndefined();
  });
});

test("words are known by the argument that takes them", () => {
  expect(foreignWord("valid", ["same", "tf_same"])?.write).toBe("0");
  expect(foreignWord("SAME", ["same", "tf_same"])?.write).toBe("tf_same");
  expect(foreignWord("same", ["same", "tf_same"])).toBeUndefined();
  expect(foreignWord("valid", ["relu"])).toBeUndefined();
  for (const { among, names } of foreignWords) expect(names.split(/\s+/)).not.toContain(among);
});

test("of misspelt names, those of two letters are no likeness", () => {
  expect(foreignNames.every((name) => name.length > 2)).toBe(true);
});
