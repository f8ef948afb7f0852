import { expect, test } from "vitest";
import { checked } from "../support/check.js";

const channels = (expression: string, set: Readonly<Record<string, string>> = {}): number => {
  const text = `model M(width = 1.0, n = 10) {
    input image: f32[3, 8, 8] output o: conv(1x1, ${expression})
  }`;
  return checked(text, { set }).members[0]!.chain.output[0]!;
};

test.each([
  ["floor(3.999)", 3],
  ["ceil(3.001)", 4],
  ["ceil(3)", 3],
  ["round(2.5)", 3],
  ["round(2.499)", 2],
  ["min(3, 4)", 3],
  ["max(3, 4)", 4],
  ["round(max(0.5, n / 4))", 3],
  // torchvision's _make_divisible(v, 8): half a step up, never below the step or nine tenths of v.
  ["divisible(1, 8)", 8],
  ["divisible(12, 8)", 16],
  ["divisible(19.9, 8)", 24],
  ["divisible(16 * 1.4, 8)", 24],
  ["divisible(11.9, 8)", 16],
  ["divisible(8.8, 8)", 8],
  ["divisible(8.9, 8)", 16],
  ["divisible(33, 1)", 33],
  ["divisible(0.1, 8)", 8],
])("%s is %i", (expression, result) => {
  expect(channels(expression)).toBe(result);
});

test("a parameter that is written with a point takes fractions from outside", () => {
  expect(channels("divisible(32 * width, 8)", { width: "0.75" })).toBe(24);
  expect(channels("round(32 * width)", { width: "1e-1" })).toBe(3);
  expect(channels("n", { n: "12" })).toBe(12);
  expect(() => channels("n", { n: "1.5" })).toThrow("M takes an integer for n; --set gives");
  expect(() => channels("n", { width: "0x1" })).toThrow("M takes a number for width");
});

test.each(["0", "-1"])("a width of %s makes nothing", (width) => {
  expect(() => channels("divisible(32 * width, 8)", { width })).toThrow(
    "What is made divisible is above 0",
  );
});
