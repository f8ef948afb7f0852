/** The curves of a run as pictures. */
import { expect, test } from "vitest";
import type { EpochRow } from "../../../src/cli/train/curves.js";
import { curvesSvg } from "../../../src/cli/train/svg-chart.js";
import { terminalChart } from "../../../src/cli/train/terminal-chart.js";

const rows = (count: number, judged = true): EpochRow[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ epoch: i + 1, steps: 10 * (i + 1), loss: 2 / (i + 1), accuracy: 1 - 1 / (i + 2) },
    ...(judged ? { validationLoss: 2.5 / (i + 1), top1: 0.9 - 1 / (i + 2) } : {}),
    ...{ learningRate: 0.1, seconds: 1 },
  }));

test.each([1, 2, 40])(
  "an SVG of %i epochs names its axes and curves, and has no script",
  (count) => {
    const svg = curvesSvg("Net <&>", rows(count));
    expect(svg).toMatch(/^<svg [^>]*width="760" height="630"/);
    const texts = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text!.trim());
    expect(texts).toEqual(
      expect.arrayContaining(["Net &lt;&amp;&gt;", "Loss", "Accuracy (top-1)"]),
    );
    // Each panel names its curves, and its axis.
    for (const name of ["● training", "○ validation", "epoch"]) {
      expect(texts.filter((text) => text === name)).toHaveLength(2);
    }
    expect(svg).not.toMatch(/<script|NaN|undefined|Infinity/);
  },
);

test("an SVG leaves out what a run does not have, and losses that are no numbers", () => {
  const plain = rows(3, false).map(({ accuracy: _, ...row }, i) => ({
    ...row,
    loss: i === 1 ? NaN : row.loss,
  }));
  const svg = curvesSvg("Net", plain);
  expect(svg).toMatch(/height="330"/);
  expect(svg).not.toMatch(/Accuracy|validation|NaN/);
});

test.each([40, 80, 200])("a terminal of %i columns holds the curve", (columns) => {
  const lines = [
    { name: "training", points: rows(40).map(({ epoch, loss }) => ({ epoch, value: loss })) },
    { name: "validation", points: [] },
  ];
  const format = (value: number): string => value.toFixed(3);
  const chart = terminalChart(lines, { title: "loss", columns, format });
  const all = chart.split("\n");
  expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(Math.min(columns, 80));
  expect(all[0]).toBe("loss    · training");
  expect(chart).toContain("2.000");
  expect(chart).toContain("0.050");
  expect(all.at(-1)).toMatch(/1 .*40 epoch$/);
  expect(chart).not.toContain("•");
});

test("a terminal shows nothing where there is nothing", () => {
  expect(terminalChart([], { title: "loss", columns: 80, format: String })).toBe("");
});
