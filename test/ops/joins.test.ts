import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignOperator } from "../../src/ops/foreign/find.js";
import { joins } from "../../src/ops/joins/joins.js";
import { agree } from "../../src/ops/joins/rule.js";
import { elements, type Shape } from "../../src/ops/shape.js";
import { fixed, varying } from "../../src/ops/trace.js";
import { check } from "../support/check.js";

const join = (name: string) => joins.get(name)!;

const image: Shape = [2, 2, 3];
const pixel: Shape = [2, 1, 1];

/** What a join gives for one image: the numbers of each operand after its shape. */
function value(name: string, ...operands: readonly (readonly [Shape, readonly number[]])[]) {
  const { primitive, attrs } = join(name);
  const inputs = operands.map(([shape, data]) => ({ shape, data: Float64Array.from(data) }));
  return [...primitive.evaluate({ inputs, weights: {} }, attrs(inputs.length), 1)[0]!];
}

describe("what they compute", () => {
  const x = [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6] as const;

  test("a branch of one pixel is spread over the others", () => {
    const product = [10, 20, 30, 40, 50, 60, 1, 2, 3, 4, 5, 6];
    expect(value("mul", [image, x], [pixel, [10, -1]])).toEqual(product);
    expect(value("mul", [pixel, [10, -1]], [image, x])).toEqual(product);
    expect(value("add", [pixel, [1, 1]], [image, x], [pixel, [0, 2]])).toEqual([
      ...x.slice(0, 6).map((each) => each + 1),
      ...x.slice(6).map((each) => each + 3),
    ]);
  });

  test("NaN wins in max, wherever it stands", () => {
    expect(value("max", [[3], [1, NaN, 3]], [[3], [2, 2, NaN]])).toEqual([2, NaN, NaN]);
  });
});

describe("which branches fit", () => {
  test.each<[string, boolean, readonly Shape[]]>([
    [
      "concat",
      true,
      [
        [2, 4, 4],
        [3, 4, 4],
      ],
    ],
    ["concat", true, [[2], [3]]],
    [
      "concat",
      false,
      [
        [2, 4, 4],
        [3, 1, 1],
      ],
    ],
    ["concat", false, [[2, 4, 4], [3]]],
    [
      "add",
      true,
      [
        [2, 4, 4],
        [2, 4, 4],
        [2, 1, 1],
      ],
    ],
    [
      "add",
      true,
      [
        [2, 1, 1],
        [2, 4, 5],
      ],
    ],
    [
      "add",
      true,
      [
        [2, 1, 1],
        [2, 1, 1],
      ],
    ],
    [
      "add",
      false,
      [
        [2, 4, 4],
        [3, 1, 1],
      ],
    ],
    [
      "mul",
      true,
      [
        [2, 1, 1],
        [2, 4, 5],
        [2, 1, 1],
      ],
    ],
    [
      "mul",
      false,
      [
        [2, 1, 1],
        [2, 4, 5],
        [2, 5, 4],
      ],
    ],
    [
      "mul",
      false,
      [
        [2, 4, 4],
        [2, 4, 1],
      ],
    ],
    [
      "mul",
      false,
      [
        [2, 4, 4],
        [1, 4, 4],
      ],
    ],
    ["mul", false, [[2, 4, 4], [2]]],
    ["mul", true, [[7], [7]]],
    [
      "max",
      true,
      [
        [2, 4, 4],
        [2, 4, 4],
      ],
    ],
    [
      "max",
      false,
      [
        [2, 4, 4],
        [2, 1, 1],
      ],
    ],
  ])("%s %o: %o", (name, fit, shapes) => {
    const { rule, primitive, attrs } = join(name);
    expect(agree(rule, shapes)).toBe(fit);
    const misfit = primitive.misfit(shapes, attrs(shapes.length));
    if (fit) expect(misfit).toBeUndefined();
    else expect(misfit).toMatch(/^joins /);
  });
});

describe("what height and width of a spread depend on", () => {
  const a = varying();
  const of = (...branches: readonly (readonly [Shape, "fixed" | "a" | "other"])[]) =>
    join("mul")
      .rule.traces(
        branches.map(([shape, kind]) => {
          const side = kind === "fixed" ? fixed : kind === "a" ? a : varying();
          return { shape, traces: [fixed, side, side] };
        }),
      )
      .map((trace) => (trace === fixed ? "fixed" : trace === a ? "a" : "other"));

  test("on a branch that is never one pixel", () => {
    expect(of([[2, 4, 4], "fixed"], [[2, 1, 1], "fixed"])).toEqual(["fixed", "fixed", "fixed"]);
    expect(of([[2, 1, 1], "a"], [[2, 4, 4], "fixed"])).toEqual(["fixed", "fixed", "fixed"]);
    expect(of([[2, 4, 4], "a"], [[2, 4, 4], "fixed"])).toEqual(["fixed", "fixed", "fixed"]);
  });

  test("on all that may be more", () => {
    expect(of([[2, 1, 1], "fixed"], [[2, 1, 1], "fixed"])).toEqual(["fixed", "fixed", "fixed"]);
    expect(of([[2, 4, 4], "a"], [[2, 4, 4], "a"])).toEqual(["fixed", "a", "a"]);
    expect(of([[2, 4, 4], "a"], [[2, 4, 4], "other"])).toEqual(["fixed", "other", "other"]);
    expect(of([[2, 1, 1], "fixed"], [[2, 1, 1], "a"])).toEqual(["fixed", "a", "a"]);
    expect(of([[2, 4, 4], "a"], [[2, 1, 1], "fixed"])).toEqual(["fixed", "a", "a"]);
  });
});

describe.each([...joins])("%s", (name, { primitive, attrs, rule }) => {
  const bounded = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 }));
  const branches = fc.array(
    fc.tuple(
      bounded,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 4 },
  );

  test("gives numbers within its range, and its only operand as it says", () => {
    fc.assert(
      fc.property(branches, (drawn) => {
        const ranges = drawn.map(([[low, width]]) => ({ low, high: low + width }));
        const inputs = drawn.map(([[low, width], shares]) => ({
          shape: [4],
          data: Float64Array.from(shares, (share) => low + share * width),
        }));
        const shapes = inputs.map(({ shape }) => shape);
        const given = attrs(inputs.length);
        const [values] = primitive.evaluate({ inputs, weights: {} }, given, 1);
        const { low, high } = primitive.range(ranges, given, shapes);
        expect(values).toHaveLength(elements(rule.shape(shapes)));
        for (const each of values!) {
          expect(each).toBeGreaterThanOrEqual(low - 1e-9);
          expect(each).toBeLessThanOrEqual(high + 1e-9);
        }
        if (inputs.length === 1) expect([...values!]).toEqual([...inputs[0]!.data]);
        expect(primitive.passesOn(given, inputs.length)).toBe(inputs.length === 1);
      }),
    );
  });

  test("keeps what one branch sums to, where there is only that", () => {
    const range = { low: 0, high: 1, sum: 1 };
    expect(primitive.range([range], attrs(1), [[4]])).toEqual(range);
  });

  test("is told of where it is called as in other frameworks", () => {
    const [capital] = name;
    expect(foreignOperator(capital!.toUpperCase() + name.slice(1))?.write).toMatch(
      new RegExp(`^${name} \\{`),
    );
  });

  test("is a name as well, of a stage and a branch, and no module's", () => {
    const spec = (text: string): string[] =>
      check(`model M { input x: f32[3, 4, 4] ${text} }`).diagnostics.map(({ code }) => code);
    expect(
      spec(`${name}: relu output y: from ${name} -> ${name} { ${name}: tanh b: tanh }`),
    ).toEqual([]);
    const module = `module ${name} { relu } model M { input x: f32[3] output y: relu }`;
    expect(check(module).diagnostics.map(({ code }) => code)).toEqual(["name/shadows-operator"]);
  });
});
