import { beforeAll, describe, expect, test } from "vitest";
import { runCases } from "./compile.js";

const expected: Record<string, readonly (string | RegExp)[]> = {
  convolutions: [/^0 wrong, 0 refused$/],
  matmuls: [/^0 wrong$/],

  "dense problems": ["all"],
  "dense problems with relu": ["all"],
  "dense problems with tanh": ["about 4 in 8"],
  "strided x": ["about 6 in 8"],
  "strided y": ["about 6 in 8"],
  "no engine": ["none"],

  conv: ["passes"],
  "conv of no channels": ["cuda/descriptor: x is 2 x 0 x 6x6: all must be positive"],
  "conv of other batches": ["cuda/descriptor: x has 2 images, y 3"],
  "conv to another height": ["cuda/descriptor: y has height 5; x has 6, which gives 6"],
  "conv to another width": ["cuda/descriptor: y has width 6; x has 6, which gives 3", "stride 2"],
  "conv larger than x": ["cuda/descriptor: y has height 6; x has 6, which gives 0", "dilation 5"],
  "conv with stride 0": ["cuda/descriptor", "stride 0"],
  "conv in uneven groups": ["cuda/descriptor: 3 groups part neither 4 inputs nor 8 outputs"],
  "conv with a short pitch": ["cuda/descriptor: y has 8 channels, 7 apart"],
  "conv with a crooked pitch": ["cuda/descriptor: x is aligned to 16", "pixels are 20 apart"],
  "conv aligned to 12": ["cuda/descriptor: x is aligned to 12 bytes, which is no power of two"],
  "conv aligned to 2": ["cuda/descriptor: x is aligned to 2 bytes", "from 4 on"],
  "conv of tf32 halves": ["cuda/descriptor: tf32 is asked for of f16"],
  "conv with negative pads": ["cuda/descriptor: pads 1 and -1 along the width are negative"],
  matmul: ["passes"],
  "matmul of one row": ["passes"],
  "matmul of no rows": ["cuda/descriptor: 0 rows of 8 inputs to 4 features"],
  "matmul of overlapping rows": ["cuda/descriptor: rows of x have 8 elements, 7 apart"],
  "matmul of crooked rows": ["cuda/descriptor: y is aligned to 16", "rows are 20 apart"],
  "matmul of tf32 halves": ["cuda/descriptor: tf32 is asked for of bf16"],

  "a plan": ["passes"],
  "a plan on another pitch": ["sim/out-of-bounds: conv, task 0: reads 16 bytes", "its stretches"],
  "a plan on a crooked address": ["sim/alignment: conv, task 0: is given x at byte 4", "of 16"],
  "a plan with too few weights": ["sim/out-of-bounds: conv, task 0: reads 144 bytes", "memory 1"],
  "a plan that writes over its input": ["sim/out-of-bounds", "memory 2", "is for reading"],
  "a plan without x": ["sim/out-of-bounds: conv, task 0: is given no x"],
  "a plan without bias": ["sim/out-of-bounds: conv, task 0: is given no bias"],
  "a plan without workspace": ["sim/out-of-bounds: conv, task 0: is given no workspace"],

  // 2^-12 beside 1 is there in f32, and lost in the ten bits of tf32.
  f32: [/^1$/],
  tf32: [/^0$/],
};

describe("what stands for the libraries", () => {
  let seen: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    seen = await runCases("libraries.cpp");
  });

  for (const [name, parts] of Object.entries(expected))
    test(name, () => {
      const line = seen.get(name) ?? "";
      for (const part of parts) expect(line).toMatch(part);
    });

  test("nothing that is not expected", () => {
    expect([...seen.keys()].sort()).toEqual(Object.keys(expected).sort());
  });
});
