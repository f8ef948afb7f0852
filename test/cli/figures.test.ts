import { expect, test } from "vitest";
import { clock, duration, figure, percent, shortest } from "../../src/cli/figures.js";

test.each([
  [0, "0 s", "0:00"],
  [59.4, "59 s", "0:59"],
  [59.6, "1:00", "1:00"],
  [725, "12:05", "12:05"],
  [3725, "1:02:05", "1:02:05"],
  [-1, "0 s", "0:00"],
])("%d seconds", (seconds, long, short) => {
  expect([duration(seconds), clock(seconds)]).toEqual([long, short]);
});

test.each([
  [2.3026, "2.303"],
  [0.041213, "0.04121"],
  [1234.5, "1235"],
  [12345, "12300"],
  [1.234e-7, "1.23e-7"],
  [0, "0"],
])("%d is told in four digits, or as short as it can be", (value, expected) => {
  expect(figure(value)).toBe(expected);
});

test("rates are told in three digits, and shares of a hundred in one behind the point", () => {
  expect([0.1, 0.049812, 1e-4, 1.2345e-5, 0].map((rate) => shortest(rate))).toEqual([
    ...["0.1", "0.0498", "0.0001", "1.23e-5", "0"],
  ]);
  expect([percent(0.4516), percent(1)]).toEqual(["45.2 %", "100.0 %"]);
});
