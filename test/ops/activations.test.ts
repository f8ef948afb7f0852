import { describe, expect, test } from "vitest";
import {
  activationNames,
  activationOf,
  activatedRange,
  activationPrimitives,
  activations,
  functionOf,
  slopeOf,
} from "../../src/ops/activations.js";
import { anything } from "../../src/ops/range.js";
import { primitives } from "../../src/ops/registry.js";

/** On both sides of 0, small and saturated, none where a function has a corner. */
const points = [-30, -5, -1.3, -0.4, -1e-3, 1e-3, 0.2, 0.9, 2, 7, 40];

/** With each the number that it has by default, and of those that have one another. */
const shapes = activationNames.flatMap((activation) => [
  { activation },
  ...(activations[activation].alpha === undefined ? [] : [{ activation, alpha: 0.3 }]),
]);

describe.each(shapes)("$activation $alpha", ({ activation: name, ...attrs }) => {
  const { derivative } = activations[name];
  const of = functionOf({ activation: name, ...attrs });
  const slopeBy = slopeOf({ activation: name, ...attrs });
  const { low, high } = activatedRange(anything, { activation: name, ...attrs });

  test("has the slope that its derivative says", () => {
    for (const x of points) {
      const h = 1e-5 * Math.max(1, Math.abs(x));
      const slope = (of(x + h) - of(x - h)) / (2 * h);
      const said = slopeBy(derivative.by === "x" ? x : of(x));
      expect(said, `at ${x}`).toBeCloseTo(slope, 8);
    }
  });

  test("stays within its bounds, and comes near them", () => {
    const values = Array.from({ length: 4001 }, (_, i) => of((i - 2000) / 20));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
    expect(Math.min(...values)).toBeLessThan(Math.max(low, -1) + 1e-3);
    expect(Math.max(...values)).toBeGreaterThan(Math.min(high, 90) - 1e-3);
  });

  test("lets NaN through", () => {
    expect(of(NaN)).toBeNaN();
  });

  test("is a primitive that the registry knows", () => {
    const primitive = activationPrimitives[name];
    expect(primitives.get(name)).toBe(primitive);
    expect(activationOf(primitive)).toBe(name);
    const data = Float64Array.of(-1, 2, 0.5, -3);
    const [result] = primitive.evaluate({ inputs: [{ shape: [2], data }], weights: {} }, attrs, 2);
    expect(result).toEqual(data.map(of));
  });
});

test("other primitives are no activations", () => {
  const others = [...primitives.values()].filter(({ name }) => !(name in activations));
  expect(others.length).toBeGreaterThan(10);
  for (const primitive of others) expect(activationOf(primitive)).toBeUndefined();
});
