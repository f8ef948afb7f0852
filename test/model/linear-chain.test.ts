import { expect, test } from "vitest";
import { check } from "../support/check.js";

const warnings = (chain: string): number =>
  check(`model M { input x: f32[8, 4, 4] output y: ${chain} }`).diagnostics.filter(
    ({ code }) => code === "style/linear-chain",
  ).length;

test.each([
  "conv(1x1, 8) -> conv(1x1, 4)",
  "concat { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "add { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "conv(1x1, 8) -> add { a: conv(1x1, 8) b: relu }",
  "mul { only: conv(1x1, 4) } -> conv(1x1, 2)",
])("%s is linear twice", (chain) => {
  expect(warnings(chain)).toBe(1);
});

test.each([
  "mul { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "max { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "add { a: conv(1x1, 4) b: conv(1x1, 4) -> relu } -> conv(1x1, 2)",
  "conv(1x1, 8) -> mul { x: identity gate: globalavgpool -> conv(1x1, 8, act: sigmoid) }",
])("%s is not", (chain) => {
  expect(warnings(chain)).toBe(0);
});
