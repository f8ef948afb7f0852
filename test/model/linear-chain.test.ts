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
  // No bottlenecks: the 1x1 before a large kernel, one that is wider between, and what gets no wider.
  "conv(1x1, 4) -> conv(3x3, 8)",
  "conv(1x1, 16) -> conv(1x1, 32)",
  "conv(1x1, 4) -> conv(1x1, 4)",
  "conv(1x1, 4) -> add { only: conv(1x1, 4) }",
  "conv(1x1, 4, groups: 4) -> conv(1x1, 8)",
  "conv(3x3, 4) -> conv(1x1, 8)",
  "conv(1x1, 4) -> conv(1x1, 8) -> conv(1x1, 8)",
])("%s is linear twice", (chain) => {
  expect(warnings(chain)).toBe(1);
});

test("a bottleneck that a later branch reads as well is not", () => {
  const { diagnostics } = check(`model M {
    input x: f32[8, 4, 4]
    low: conv(1x1, 4)
    high: conv(1x1, 24, act: relu) -> conv(3x3, 8, act: relu)
    output y: add { low: from low -> conv(1x1, 2) high: conv(1x1, 2) }
  }`);
  expect(diagnostics).toEqual([]);
});

test.each([
  "conv(1x1, 4) -> conv(1x1, 8, act: relu6)",
  "conv(1x1, 8) -> conv(1x1, 16)",
  "residual { conv(1x1, 16, act: relu) -> conv(1x1, in) } -> conv(1x1, 16, act: relu)",
  "concat { a: conv(1x1, 4) b: conv(1x1, 2) -> depthwise(3x3) } -> conv(1x1, 24)",
  "add { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 24)",
  "conv(1x1, 4) -> add { a: conv(1x1, 2) b: relu -> conv(1x1, 2) }",
  "mul { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "max { a: conv(1x1, 4) b: conv(1x1, 4) } -> conv(1x1, 2)",
  "add { a: conv(1x1, 4) b: conv(1x1, 4) -> relu } -> conv(1x1, 2)",
  "conv(1x1, 8) -> mul { x: identity gate: globalavgpool -> conv(1x1, 8, act: sigmoid) }",
])("%s is not", (chain) => {
  expect(warnings(chain)).toBe(0);
});
