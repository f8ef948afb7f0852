import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { relativeL2 } from "../../examples/review/vectors.js";
import { expectedLogits } from "../../examples/simple-inception/make-expected.js";

test("simple-inception/expected.json is what ONNX Runtime says", async () => {
  const committed = JSON.parse(
    readFileSync("examples/simple-inception/expected.json", "utf8"),
  ) as number[];
  expect(relativeL2(committed, await expectedLogits())).toBeLessThan(1e-6);
});
