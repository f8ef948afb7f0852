/** Optimizers, clipping, schedules and first values, against PyTorch and their formulas. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rateFactor, type Schedule } from "../../src/autodiff/schedules.js";
import type { Operand } from "../../src/ops/primitive.js";
import { initialise, type Initialiser, type Named } from "../../src/ops/training/initialise.js";
import {
  clipFactor,
  movingAverage,
  type OptimizerName,
  optimizerNames,
  optimizers,
  type Segment,
  updatePrimitive,
} from "../../src/ops/training/optimizers.js";
import { relativeL2 } from "../support/compare.js";

interface Case {
  readonly name: OptimizerName;
  readonly numbers: Readonly<Record<string, number>>;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly results: readonly (readonly number[])[];
}

interface Fixtures {
  readonly rate: number;
  readonly decay: number;
  readonly segments: readonly Omit<Segment, "padded">[];
  readonly cases: readonly Case[];
  readonly clips: readonly {
    readonly most: number;
    readonly norm: number;
    readonly before: readonly number[];
    readonly after: readonly number[];
  }[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
const made = JSON.parse(readFileSync(join(folder, "optimizers.json"), "utf8")) as Fixtures;

/** Each with padding after it, as the arenas of a build have. */
const segments = made.segments.map((own) => ({ ...own, padded: 16 }));
const rubbish = 7;

/** The tensors one after the other, each followed by what nothing may read or change. */
function laidOut(values: readonly number[]): Operand {
  let from = 0;
  const data = segments.flatMap(({ count, padded }) => {
    const own = values.slice(from, (from += count));
    return [...own, ...Array.from({ length: padded - count }, () => rubbish)];
  });
  return { shape: [data.length], data: Float64Array.from(data) };
}

const scalars = (numbers: Readonly<Record<string, number>>): Record<string, Operand> =>
  Object.fromEntries(
    Object.entries(numbers).map(([role, value]) => [
      role,
      { shape: [1], data: Float64Array.of(value) },
    ]),
  );

describe("optimizers do as PyTorch's", () => {
  test.each(made.cases.map((each) => [each.name, JSON.stringify(each.numbers), each] as const))(
    "%s %s",
    (name, _, { numbers, start, gradients, results }) => {
      const primitive = updatePrimitive(name);
      let state = [
        laidOut(start),
        ...optimizers[name].moments.map(() => laidOut(start.map(() => 0))),
      ];
      for (const [i, gradient] of gradients.entries()) {
        const [parameters, ...moments] = state as [Operand, ...Operand[]];
        const roles = { rate: made.rate, decay: made.decay, ...optimizers[name].numbers };
        const given = { ...roles, ...numbers, ...("step" in roles ? { step: i + 1 } : {}) };
        const operands = {
          inputs: [parameters, laidOut(gradient), ...moments],
          weights: scalars(given),
        };
        const after = primitive.evaluate(operands, { segments }, 1);
        state = after.map((data) => ({ shape: [data.length], data }));
        expect(relativeL2(after[0]!, laidOut(results[i]!).data)).toBeLessThan(1e-12);
      }
    },
  );

  test("there is a case of each", () => {
    expect(new Set(made.cases.map(({ name }) => name))).toEqual(new Set(optimizerNames));
  });

  test("a frozen segment and the padding stay as they are", () => {
    const frozen = segments.map((own, i) => (i === 0 ? { ...own, rate: 0 } : own));
    const { start, gradients } = made.cases[0]!;
    const zeros = laidOut(start.map(() => 0));
    const inputs = [laidOut(start), laidOut(gradients[0]!), zeros];
    const weights = scalars({ rate: 0.1, decay: 0.5, momentum: 0.9, nesterov: 0 });
    const [after] = updatePrimitive("sgd").evaluate({ inputs, weights }, { segments: frozen }, 1);
    expect(after!.slice(0, 16)).toEqual(laidOut(start).data.slice(0, 16));
    expect(after!.slice(16 + segments[1]!.count)).toEqual(
      laidOut(start).data.slice(16 + segments[1]!.count),
    );
    expect(after![16]).not.toBe(laidOut(start).data[16]);
  });
});

test.each(made.clips)("gradients of a norm above $most are scaled down", (each) => {
  const operands = { inputs: [laidOut(each.before)], weights: scalars({ most: each.most }) };
  const [factor, norm] = clipFactor.evaluate(operands, { segments }, 1);
  expect(norm![0]).toBeCloseTo(each.norm, 12);
  const scaled = each.before.map((value) => value * factor![0]!);
  expect(relativeL2(Float64Array.from(scaled), Float64Array.from(each.after))).toBeLessThan(1e-12);
});

test("an average follows by what is left of it", () => {
  const inputs = [laidOut([1, 2, 3, 4, 5, 6, 7, 8]), laidOut([2, 2, 2, 2, 2, 2, 2, 2])];
  const [after] = movingAverage.evaluate({ inputs, weights: scalars({ decay: 0.75 }) }, {}, 1);
  expect([...after!.slice(0, 3)]).toEqual([1.25, 2, 2.75]);
});

describe("the learning rate", () => {
  const factors = (schedule: Schedule): readonly number[] =>
    Array.from({ length: 8 }, (_, step) =>
      rateFactor(schedule, { step, stepsPerEpoch: 2, epochs: 4 }),
    );

  test("stays, falls in steps, or along a cosine", () => {
    expect(factors({ kind: "constant" })).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    const steps = factors({ kind: "step", every: 2, factor: 0.5 });
    expect(steps).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
    const cosine = factors({ kind: "cosine", warmup: 0 });
    expect(cosine[0]).toBe(1);
    expect(cosine[4]).toBeCloseTo(0.5, 12);
    expect(cosine.every((factor, i) => i === 0 || factor < cosine[i - 1]!)).toBe(true);
  });

  test("grows to its full size first, where it is told to", () => {
    const warm = factors({ kind: "cosine", warmup: 2 });
    expect(warm.slice(0, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(warm[6]).toBeCloseTo(0.5, 12);
  });
});

describe("first values", () => {
  const named = (name: string, role: Named["role"], shape: Named["shape"], fanIn = 0): Named => ({
    name,
    role,
    shape,
    fanIn,
  });
  const layer = [
    named("a.conv.weight", "weight", [64, 16, 3, 3], 144),
    named("a.conv.bias", "bias", [64]),
    named("a.bn.weight", "gamma", [64]),
    named("a.bn.bias", "beta", [64]),
    named("a.bn.running_mean", "running_mean", [64]),
    named("a.bn.running_var", "running_var", [64]),
  ];

  test("a factor begins at 1, or at what its operator says", () => {
    const slope = { ...named("a.slope", "gamma", [3]), initial: 0.25 };
    const values = initialise([...layer, slope], "kaiming", 1);
    expect(values.get("a.slope")).toEqual(Float32Array.of(0.25, 0.25, 0.25));
    expect(values.get("a.bn.weight")!.every((value) => value === 1)).toBe(true);
  });

  const drawn = (kind: Initialiser, seed = 1): Float32Array =>
    initialise(layer, kind, seed).get("a.conv.weight")!;
  const variance = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;

  test.each([
    ["kaiming", Math.sqrt(6 / 144), 2 / 144],
    ["xavier", Math.sqrt(6 / (144 + 576)), 2 / (144 + 576)],
    // Of a normal within two deviations: 0.7737 of its variance.
    ["truncated_normal", 0.02, 0.7737 * 1e-4],
  ] as const)("%s: bound and variance", (kind, bound, expected) => {
    const values = drawn(kind);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(variance(values) / expected).toBeGreaterThan(0.95);
    expect(variance(values) / expected).toBeLessThan(1.05);
    expect(Math.abs(values.reduce((a, b) => a + b, 0) / values.length)).toBeLessThan(0.05 * bound);
  });

  test("hang on the seed and the name alone", () => {
    expect(drawn("kaiming")).toEqual(drawn("kaiming"));
    expect(drawn("kaiming", 2)).not.toEqual(drawn("kaiming"));
    const alone = initialise(layer.slice(0, 1), "kaiming", 1).get("a.conv.weight");
    expect(alone).toEqual(drawn("kaiming"));
  });

  test("a norm passes everything on, and biases are 0", () => {
    const values = initialise(layer, "kaiming", 1);
    const all = (name: string): ReadonlySet<number> => new Set(values.get(name));
    expect([...all("a.bn.weight"), ...all("a.bn.running_var")]).toEqual([1, 1]);
    expect([...all("a.bn.bias"), ...all("a.bn.running_mean")]).toEqual([0, 0]);
    expect([...all("a.conv.bias")]).toEqual([0]);
  });
});
