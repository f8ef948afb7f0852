import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bestOf, curvesCsv, type EpochRow, readCurves } from "../../../src/cli/train/curves.js";
import { curvesSvg } from "../../../src/cli/train/svg-chart.js";
import { temporaryFolder } from "../../support/cli.js";

const row = (epoch: number, loss: number, validationLoss?: number): EpochRow => ({
  ...{ epoch, steps: 5 * epoch, loss, learningRate: 0.1, seconds: 1.5 },
  ...(validationLoss === undefined ? {} : { validationLoss }),
});

test("losses that are no numbers are read as they were written", () => {
  const file = join(temporaryFolder(), "curves.csv");
  const rows = [row(1, 2, NaN), row(2, NaN, Infinity), row(3, -Infinity), row(4, 0.1, 1e-12)];
  writeFileSync(file, curvesCsv(rows));
  expect(readCurves(file, 4)).toEqual(rows);
});

test.each([
  "1,5,nan,,,,,0.1,1",
  "1,5,,,,,,0.1,1",
  "1,NaN,1,,,,,0.1,1",
  "1,5,1,NaN,,,,0.1,1",
  "1,5,x,,,,,0.1,1",
])("%s is no row", (line) => {
  const file = join(temporaryFolder(), "curves.csv");
  writeFileSync(file, `${curvesCsv([])}${line}\n`);
  expect(() => readCurves(file, 9)).toThrow(/is not a run's curves: see line 2\./);
});

test("an epoch without a number for its loss is never the best, and is not drawn", () => {
  const rows = [row(1, 1, NaN), row(2, 1, 3), row(3, 1, Infinity), row(4, 1, 2)];
  expect(bestOf(rows)).toBe(rows[3]);
  expect(bestOf([row(1, NaN)])).toBeUndefined();
  expect(curvesSvg("Net", rows)).not.toMatch(/NaN|Infinity/);
});
