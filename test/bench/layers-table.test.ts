import { expect, test } from "vitest";
import type { TimedLayer } from "../../src/bench/layers.js";
import type { Peak } from "../../src/bench/peak.js";
import { layersText } from "../../src/cli/bench/layers-table.js";

const layer = (more: Partial<TimedLayer>): TimedLayer => ({
  paths: ["inception_3a.b3.1"],
  operator: "conv 3x3 128 pad 1 relu",
  outputs: [[128, 28, 28]],
  kernel: "conv.direct",
  tuning: "4x6",
  macs: 100e6,
  nanoseconds: 1e6,
  ...more,
});

const peak: Peak = { threads: 2, level: "avx512", flops: 400e9 };

test("a layer's rate is of its multiply-adds, and its share of all layers' time", () => {
  const pool = { kernel: "maxpool.blocked", tuning: "", macs: 0, nanoseconds: 3e6 };
  const text = layersText([layer({}), layer(pool)], 2, peak);
  expect(text.split("\n")).toEqual([
    "step               output     kernel             µs   share  GFLOP/s   peak",
    "inception_3a.b3.1  128x28x28  conv.direct 4x6  1000  25.0 %      400  100 %",
    "inception_3a.b3.1  128x28x28  maxpool.blocked  3000  75.0 %",
    "",
    "kernel           layers    µs   share  GFLOP/s   peak",
    "maxpool.blocked       1  3000  75.0 %",
    "conv.direct           1  1000  25.0 %      400  100 %",
  ]);
});

test("without a peak there are no percentages of it, and merged siblings give their sum", () => {
  const shapes = [
    [64, 7, 7],
    [96, 7, 7],
  ];
  const [, row = ""] = layersText([layer({ outputs: shapes })], 1, undefined).split("\n");
  expect(row).toMatch(/ 160x7x7 .* 200$/);
});

test("whatever steps and kernels are called, no row is wider than 80 columns", () => {
  const long = layersText(
    [
      layer({ paths: ["mixed_7c.branch_3x3dbl_with_a_long_name.branch.2", "b", "c"] }),
      layer({ kernel: "conv.winograd-of-some-kind", tuning: "F(4, 3) 2x14 planar", macs: 4e8 }),
      layer({ outputs: [[2048, 112, 112]], nanoseconds: 123456.7e3 }),
    ],
    8,
    peak,
  );
  const rows = long.split("\n");
  expect(rows.filter((row) => row.length > 80)).toEqual([]);
  // Of a step's path the end is left, which tells it apart.
  expect(rows[1]).toMatch(/^….*\.2 \+2 /);
});
