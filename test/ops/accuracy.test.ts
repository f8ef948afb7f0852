import { expect, test } from "vitest";
import { accuracy } from "../../src/ops/training/accuracy.js";

const share = (shape: readonly number[], x: readonly number[], targets: readonly number[]) =>
  accuracy.evaluate(
    {
      inputs: [
        { shape, data: Float64Array.from(x) },
        { shape: shape.slice(1), data: Float64Array.from(targets) },
      ],
      weights: {},
    },
    { ignore: 9 },
    x.length / shape.reduce((product, side) => product * side),
  )[0]![0];

test("the share of places whose largest number is the right class", () => {
  expect(share([3], [0, 2, 1, 5, 4, 3], [1, 2])).toBe(1 / 2);
  // Pixel by pixel: classes lie a plane apart.
  expect(share([2, 1, 3], [1, 0, 5, 0, 1, 6], [0, 1, 0])).toBe(2 / 3);
});

test("of equals the first is meant, and what is ignored does not count", () => {
  expect(share([2], [7, 7, 7, 7, 1, 0], [0, 1, 9])).toBe(1 / 2);
  expect(share([2], [7, 7], [9])).toBe(0);
});
