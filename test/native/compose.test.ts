/** native/prepare/compose.hpp against what its nodes are defined as in f64, on random odd shapes. */
import { expect, test } from "vitest";
import { columns } from "../../src/ops/algebra/columns.js";
import { compose, type ComposeAttrs } from "../../src/ops/algebra/compose.js";
import { composeBias, type ComposeBiasAttrs } from "../../src/ops/algebra/compose-bias.js";
import { composeAverage, type ComposeAverageAttrs } from "../../src/ops/algebra/compose-average.js";
import { add } from "../../src/ops/joins/add.js";
import { poolPlane } from "../../src/ops/pool-windows.js";
import type { Primitive } from "../../src/ops/primitive.js";
import { elements, type Shape } from "../../src/ops/shape.js";
import { noPads, slide, span } from "../../src/ops/window.js";
import { relativeL2 } from "../support/compare.js";
import { Random } from "../support/random.js";
import { runNative } from "./compile.js";

/** A call, after the arrays that it reads and those that it fills. */
interface Case {
  readonly code: string;
  readonly expected: readonly Float64Array[];
}

type Roles = Readonly<Record<string, Float32Array>>;

/** In as many digits as an f32 has. */
const array = (name: string, numbers: Float32Array): string =>
  `  static const float ${name}[] = {${Array.from(numbers, (x) => Math.fround(x).toExponential(9)).join(", ")}};\n`;

function caseOf<A>(
  random: Random,
  primitive: Primitive<A>,
  attrs: A,
  inputs: readonly Shape[],
  call: (has: (role: string) => string) => string,
): Case {
  const shapes = primitive.weights([], attrs);
  const roles: Roles = Object.fromEntries(
    Object.entries(shapes).map(([role, shape]) => [role, random.floats(elements(shape))]),
  );
  const given = inputs.map((shape) => random.floats(elements(shape)));
  const operand = (shape: Shape, data: Float32Array) => ({ shape, data: Float64Array.from(data) });
  const expected = primitive.evaluate(
    {
      inputs: inputs.map((shape, i) => operand(shape, given[i]!)),
      weights: Object.fromEntries(
        Object.entries(shapes).map(([role, shape]) => [role, operand(shape, roles[role]!)]),
      ),
    },
    attrs,
    1,
  );
  const outputs = expected.map((values, i) => `std::vector<float> o${i}(${values.length}, NAN);`);
  const text = [
    ...Object.entries(roles).map(([role, numbers]) => array(role, numbers)),
    ...given.map((numbers, i) => array(`x${i}`, numbers)),
    `  ${outputs.join(" ")}\n`,
    `  ${call((role) => (role in roles ? role : "nullptr"))};\n`,
    ...expected.map((_, i) => `  print(o${i});\n`),
  ];
  return { code: `{\n${text.join("")}}\n`, expected };
}

function composeCase(random: Random): Case {
  const side = (most: number): number => random.integer(1, most);
  const groups = random.pick([1, 1, 2]);
  const before = [groups * side(3), side(9), side(9)] as const;
  const kernel = random.chance(0.2)
    ? ([before[1], before[2]] as const)
    : ([side(Math.min(before[1], 3)), side(Math.min(before[2], 4))] as const);
  const dilation = [
    span(kernel[0], 2) <= before[1] ? side(2) : 1,
    span(kernel[1], 2) <= before[2] ? side(2) : 1,
  ] as const;
  const stride = [side(3), side(3)] as const;
  const pads = random.chance(0.4)
    ? noPads
    : { top: side(3), left: side(2), bottom: side(2) - 1, right: side(4) };
  const plane = slide([...before], { kernel, stride, pads, dilation, ceil: false });
  const channels = groups * side(4);
  const rows = side(4);
  const between = [channels, ...plane];
  const attrs: ComposeAttrs = {
    ...{ kernel, stride, pads, dilation, groups, channels, between, before },
    rows: [rows, elements(between)],
    weight: [channels, before[0] / groups, ...kernel],
    result: [rows, elements(before)],
    bias: random.chance(0.5),
    shift: random.chance(0.5),
  };
  const layer =
    `Conv{}.input(${before.join(", ")}).output(${between.join(", ")}).kernel(${kernel.join(", ")})` +
    `.stride(${stride.join(", ")}).pad(${pads.top}, ${pads.left}, ${pads.bottom}, ${pads.right})` +
    `.dilation(${dilation.join(", ")}).groups(${groups})`;
  const toBias = attrs.bias || attrs.shift ? "o1.data()" : "nullptr";
  return caseOf(random, compose, attrs, [], (role) => {
    const roles = ["rows", "bias", "weight", "shift"].map(role);
    return `(*compose_)(${layer}, ${rows}, ${roles.join(", ")}, o0.data(), ${toBias})`;
  });
}

/** A bias of channels or places, behind another of either; and a row that sees all of an image. */
function biasCase(random: Random): Case {
  const side = (most: number): number => random.integer(1, most);
  const between = [side(3), side(7), side(7)] as const;
  const whole = random.chance(0.2);
  const kernel = whole ? ([between[1], between[2]] as const) : ([side(3), side(3)] as const);
  const around = (): number => random.pick([0, 1, 2]);
  const pads = whole ? noPads : { top: around(), left: 2, bottom: 2, right: around() };
  const own = { kernel, stride: [side(2), side(2)], pads, dilation: [1, 1] } as const;
  const plane = slide([...between], { ...own, ceil: false });
  const rows = side(4);
  const result = [rows, ...plane];
  const attrs: ComposeBiasAttrs = {
    ...{ ...own, groups: 1, channels: rows, between },
    rows: [rows, between[0], ...kernel],
    bias: random.pick([undefined, [rows], result]),
    shift: random.pick([[between[0]], between]),
    result,
  };
  const layer =
    `Conv{}.input(${between.join(", ")}).output(${result.join(", ")}).kernel(${kernel.join(", ")})` +
    `.stride(${own.stride.join(", ")}).pad(${pads.top}, ${pads.left}, ${pads.bottom}, ${pads.right})`;
  const placed = (shape?: readonly number[]): boolean => (shape?.length ?? 0) > 1;
  return caseOf(random, composeBias, attrs, [], (role) => {
    const own = `${role("rows")}, ${role("bias")}, ${placed(attrs.bias)}`;
    return `(*bias_)(${layer}, ${own}, ${role("shift")}, ${placed(attrs.shift)}, o0.data())`;
  });
}

function averageCase(random: Random): Case {
  const side = (most: number): number => random.integer(1, most);
  const before = [side(3), random.integer(3, 9), random.integer(3, 9)] as const;
  const pool = {
    kernel: [3, 2],
    stride: [side(2), side(3)],
    pads: { top: side(3) - 1, left: side(2) - 1, bottom: side(3) - 1, right: side(2) - 1 },
    ceil: random.chance(0.5),
    countPad: random.chance(0.5),
  } as const;
  const features = side(3);
  const attrs: ComposeAverageAttrs = { ...pool, features, before };
  const { kernel, stride, pads } = pool;
  const layer =
    `Pool{}.input(${before.join(", ")}).output(${poolPlane(before, pool).join(", ")})` +
    `.kernel(${kernel.join(", ")}).stride(${stride.join(", ")})` +
    `.pad(${pads.top}, ${pads.left}, ${pads.bottom}, ${pads.right}).count_pad(${pool.countPad})`;
  return caseOf(
    random,
    composeAverage,
    attrs,
    [],
    () => `(*average_)(${layer}, ${features}, rows, o0.data())`,
  );
}

function columnsCase(random: Random): Case {
  const [rows, width] = [random.integer(1, 5), random.integer(4, 30)];
  const from = random.integer(0, width - 1);
  const attrs = { shape: [rows, width], from, count: random.integer(1, width - from) };
  const sizes = [rows, width, from, attrs.count].join(", ");
  return caseOf(random, columns, attrs, [], () => `columns(${sizes}, rows, o0.data())`);
}

function sumCase(random: Random): Case {
  const shape = [random.integer(1, 5), random.integer(1, 30)];
  const count = random.integer(1, 4);
  const scales = Array.from({ length: count }, () => random.pick([1, 1, 0.17, -2]));
  const attrs = { scales };
  const parts = scales.map((scale, i) => `{x${i}, ${elements(shape)}, ${scale}}`).join(", ");
  const inputs = attrs.scales.map(() => shape);
  return caseOf(random, add, attrs, inputs, () => `sum_rows(o0.data(), {${parts}})`);
}

test("weights are composed as their definition says", { timeout: 300_000 }, async () => {
  const random = new Random(7);
  const times = (count: number, make: (random: Random) => Case): readonly Case[] =>
    Array.from({ length: count }, () => make(random));
  const cases = [
    ...times(60, composeCase),
    ...times(30, averageCase),
    ...times(40, biasCase),
    ...times(10, columnsCase),
    ...times(5, sumCase),
  ];
  const lines = await runNative(
    `#include <cmath>
#include <cstdio>
#include <vector>
#include "prepare/columns.hpp"
#include "prepare/compose.hpp"
#include "prepare/compose_bias.hpp"
#include "prepare/sum_rows.hpp"
using namespace incept;
// Called as they are, and not once more for each of the shapes.
auto* volatile compose_ = &compose;
auto* volatile average_ = &compose_average;
auto* volatile bias_ = &compose_bias;
void print(const std::vector<float>& values) {
  for (float x : values) std::printf("%.9g ", x);
  std::printf("\\n");
}
${cases.map(({ code }, i) => `void case_${i}() ${code}`).join("")}
int main() {
${cases.map((_, i) => `  case_${i}();`).join("\n")}
}`,
    "native",
    ["-fsanitize=address,undefined"],
  );
  const all = cases.flatMap(({ expected }) => expected);
  const printed = lines.filter((line) => line !== "");
  expect(printed).toHaveLength(all.length);
  for (const [i, values] of all.entries()) {
    const numbers = Float64Array.from(printed[i]!.trim().split(" ").map(Number));
    expect(numbers).toHaveLength(values.length);
    // Each is rounded once: half a unit of the last place of an f32.
    expect(relativeL2(numbers, values), `result ${i}`).toBeLessThan(6e-8);
  }
});
