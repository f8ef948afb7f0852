import { describe, expect, it } from "vitest";
import { randomParameter } from "../../../src/runtime/weights/random.js";
import { loadWeights } from "../../../src/runtime/weights/load.js";

const weight = { name: "conv1.weight", shape: [64, 3, 3, 3], role: "weight", fanIn: 27 } as const;
const seed = (value: number) => ({ kind: "random", seed: value }) as const;

describe("random:SEED", () => {
  it("is the documented sequence", () => {
    // Computed with Python's integers from the formula in the docstring.
    const values = randomParameter(1, { ...weight, shape: [4] });
    expect([...values].map((x) => x.toFixed(7))).toEqual([
      "0.2762403",
      "0.1970340",
      "0.4168052",
      "-0.2403570",
    ]);
  });

  it("is uniform in the bounds of its role", () => {
    const bound = Math.sqrt(6 / 27);
    const values = randomParameter(7, { ...weight, shape: [100_000] });
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
    expect(Math.max(...values.subarray(0, 50_000))).toBeLessThan(bound);
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThan(-bound);
    expect(Math.abs(mean)).toBeLessThan(0.01 * bound);
    expect(variance).toBeCloseTo(2 / 27, 3);
    const gamma = randomParameter(7, { name: "bn.weight", shape: [999], role: "gamma", fanIn: 0 });
    expect(Math.min(...gamma)).toBeGreaterThanOrEqual(Math.fround(0.9));
    expect(Math.max(...gamma)).toBeLessThan(1.1);
    const slope = { name: "prelu.weight", shape: [999], role: "gamma", fanIn: 0 } as const;
    const slopes = randomParameter(7, { ...slope, initial: 0.25 });
    expect(Math.min(...slopes)).toBeGreaterThanOrEqual(Math.fround(0.9 * 0.25));
    expect(Math.max(...slopes)).toBeLessThan(1.1 * 0.25);
  });

  it("depends on seed and name, and on nothing else", async () => {
    const other = { ...weight, name: "conv2.weight" };
    const both = await loadWeights(seed(1), [other, weight]);
    const alone = await loadWeights(seed(1), [weight]);
    expect(both.values[1]).toEqual(alone.values[0]);
    expect(both.values[0]).not.toEqual(both.values[1]);
    expect((await loadWeights(seed(2), [weight])).values[0]).not.toEqual(alone.values[0]);
  });
});
