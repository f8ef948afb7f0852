import { expect, test } from "vitest";
import { editDistance, suggest } from "../../src/diagnostics/suggest.js";

test.each([
  ["concta", "concat"],
  ["Concat", "concat"],
  ["residul", "residual"],
  ["repaet", "repeat"],
  ["ad", "add"],
])("%s means %s", (written, meant) => {
  expect(suggest(written, ["concat", "add", "residual", "repeat"])).toBe(meant);
});

test.each(["x", "conv", "banana", "", "concat", "c".repeat(100_000)])(
  "%.20s means nothing",
  (written) => {
    expect(suggest(written, ["concat", "add", "residual", "repeat"])).toBeUndefined();
  },
);

test("the nearest is suggested, the first among equals", () => {
  expect(suggest("inception_3c", ["inception_4c", "inception_3", "pool"])).toBe("inception_4c");
  expect(suggest("poool_3", ["pool_4", "pool_3"])).toBe("pool_3");
});

test("a swap of neighbours is one edit", () => {
  expect(editDistance("concta", "concat")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("kitten", "sitting")).toBe(3);
});
