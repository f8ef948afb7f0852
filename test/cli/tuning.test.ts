import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tunedJson, tunedText } from "../../src/cli/tuning.js";
import type { TuneResult } from "../../src/build/tune/tune.js";
import { inceptc, temporaryFolder } from "../support/cli.js";

const layer = (
  key: string,
  count: number,
  chosen: string,
  times: Readonly<Record<string, number>>,
): unknown => ({ key, count, chosen, ways: [], microseconds: new Map(Object.entries(times)) });

const result = {
  file: "net.tuned.json",
  threads: 2,
  layers: [
    layer("conv 3x3 64 (32 x 8x8)", 2, "conv.direct:2x14", {
      "conv.direct:2x14": 100,
      "conv.direct:4x6": 80.04,
    }),
    layer("conv 5x5 8 (3 x 8x8)", 1, "conv.direct:1x28", {
      "conv.direct:1x28": 50,
      "conv.grouped": 25,
    }),
    layer("conv 1x1 8 (3 x 8x8)", 1, "conv.direct:1x28", { "conv.direct:1x28": 7 }),
  ],
} as unknown as TuneResult;

test("what was measured is told with what the estimates had chosen", () => {
  expect(tunedText("Net", result)).toBe(`\
layer                            fastest                               µs  estimated
conv 3x3 64 (32 x 8x8), 2 times  conv.direct:4x6, not 2x14           80.0      100.0
conv 5x5 8 (3 x 8x8)             conv.grouped, not conv.direct:1x28  25.0       50.0
conv 1x1 8 (3 x 8x8)             conv.direct:1x28                     7.0

✔ Net  2 kernels changed of 3 layers: 0.257 to 0.192 ms, 2 threads
  net.tuned.json`);
  expect(tunedText("Net", { ...result, layers: [] })).toBe(
    "✔ Net  no layer has more than one way to be computed",
  );
  expect(tunedJson(result)).toMatchObject({
    file: "net.tuned.json",
    threads: 2,
    layers: [
      {
        ...{ layer: "conv 3x3 64 (32 x 8x8)", count: 2, before: 100, after: 80.04 },
        ...{ estimated: "conv.direct:2x14", fastest: "conv.direct:4x6" },
        microseconds: { "conv.direct:2x14": 100, "conv.direct:4x6": 80.04 },
      },
      {},
      {},
    ],
  });
});

test("the verb measures nothing where there is nothing to choose, and needs the CPU", () => {
  const spec = join(temporaryFolder(), "net.incept");
  writeFileSync(spec, "model Net { input image: f32[3, 4, 4] output y: globalavgpool -> softmax }");
  const { status, stdout } = inceptc(["tune", spec, "--target", "cpu"]);
  expect([status, stdout]).toEqual([0, "✔ Net  no layer has more than one way to be computed\n"]);
  const { status: refused, stderr } = inceptc(["tune", spec, "--target", "cuda-sim"]);
  expect(refused).toBe(2);
  expect(stderr).toContain("build/tune");
});
