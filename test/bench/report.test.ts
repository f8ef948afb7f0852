import { expect, test } from "vitest";
import { memoryTable, ratioChart, type Results, speedTable } from "../../bench/report.js";

const timing = (median: number) => ({
  ...{ runs: 30, median, p10: 0.9 * median, p90: 1.2 * median, p99: 2 * median },
});

const memory = (engine: string, peak: number) => ({
  ...{ engine, version: "1.0", before: 50 * 2 ** 20, peak: peak * 2 ** 20 },
});

const results: Results = {
  ...{ date: "2026-11-26", cpu: "A <processor>", level: "avx512", load: 0.5, node: "v20" },
  cases: [
    {
      ...{
        network: "googlenet",
        threads: 1,
        macs: 1e9,
        peak: { threads: 1, level: "avx512", flops: 200e9 },
      },
      batches: [
        {
          batch: 1,
          engines: [
            { engine: "inceptc", timing: timing(20) },
            { engine: "onnxruntime", timing: timing(50), difference: 2e-6 },
          ],
        },
      ],
      memory: [memory("inceptc", 140), memory("onnxruntime", 190)],
    },
  ],
};

test("the tables have a row a case, with ratio and percent of the peak", () => {
  expect(
    speedTable(results)
      .split("\n")
      .at(-1)!
      .split(/ *\| */)
      .slice(1, -1),
  ).toEqual([
    ...["googlenet", "1", "1", "20.00 (18.00..24.00)", "50 %"],
    ...["onnxruntime", "50.00 (45.00..60.00)", "2.50x", "2.0e-6"],
  ]);
  expect(memoryTable(results).split("\n").slice(2)).toEqual([
    "| googlenet | 1       | inceptc     | 140 | 90                          |",
    "| googlenet | 1       | onnxruntime | 190 | 140                         |",
  ]);
});

test("the picture says what was measured, where and when, and is no other markup", () => {
  const svg = ratioChart(results, "onnxruntime");
  expect(svg).toMatch(/^<svg [^]*<\/svg>\s*$/);
  expect(svg).not.toMatch(/<script|<processor>/);
  for (const text of [
    "googlenet, 1 image, 1 thread",
    "2.50x  (20.0 : 50.0 ms)",
    "A &lt;processor&gt;, avx512, f32, medians; 2026-11-26, load 0.5",
  ]) {
    expect(svg).toContain(text);
  }
});
