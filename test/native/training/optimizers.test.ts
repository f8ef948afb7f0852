/** The native optimizers against their formulas, and against PyTorch. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../../src/emit/package.js";
import type { Operand } from "../../../src/ops/primitive.js";
import {
  clipFactor,
  movingAverage,
  type OptimizerName,
  optimizerNames,
  optimizers,
  type Segment,
  updatePrimitive,
} from "../../../src/ops/training/optimizers.js";
import { relativeL2 } from "../../support/compare.js";
import { runNative } from "../compile.js";

/** A run of several batches from `start`, with moments of 0. */
interface Case {
  readonly name: OptimizerName;
  readonly numbers: Readonly<Record<string, number>>;
  readonly segments: readonly Segment[];
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  /** A factor on the gradients. */
  readonly clip: number;
  /** The parameters after each batch, as PyTorch has them. */
  readonly results?: readonly (readonly number[])[];
}

interface Fixtures {
  readonly rate: number;
  readonly decay: number;
  readonly segments: readonly Omit<Segment, "padded">[];
  readonly cases: readonly Omit<Case, "segments" | "clip">[];
}

const file = packageFile("test", "autodiff", "fixtures", "optimizers.json");
const fixtures = JSON.parse(readFileSync(file, "utf8")) as Fixtures;

const padded = (own: Omit<Segment, "padded">): Segment => ({
  ...own,
  padded: Math.ceil(own.count / 16) * 16,
});

const torch: readonly Case[] = fixtures.cases.map((each) => ({
  ...each,
  numbers: { rate: fixtures.rate, decay: fixtures.decay, ...each.numbers },
  segments: fixtures.segments.map(padded),
  clip: 1,
}));

/** Of two pieces, of a whole number of registers, frozen, and of one element. */
const segments = [
  { count: 4103, rate: 1, decay: 1 },
  { count: 48, rate: 2, decay: 0 },
  { count: 5, rate: 0, decay: 1 },
  { count: 1, rate: 0.5, decay: 3 },
].map(padded);
const total = segments.reduce((sum, { count }) => sum + count, 0);
const wave = (seed: number, size: number): readonly number[] =>
  Array.from({ length: total }, (_, i) => size * Math.sin(i * (seed + 1) + seed));

const own = (name: OptimizerName, numbers: Readonly<Record<string, number>>): Case => ({
  name,
  numbers,
  segments,
  start: wave(0, 1),
  gradients: [1, 2, 3].map((batch) => wave(batch, 10 ** -batch)),
  clip: 0.5,
});

const formulas: readonly Case[] = [
  own("sgd", { rate: 0.1, decay: 0.01, momentum: 0.9, nesterov: 1 }),
  own("sgd", { rate: 0.1, decay: 0 }),
  own("adam", { rate: 0.01, decay: 0.1 }),
  own("adamw", { rate: 0.001, decay: 0.01, beta1: 0.8, beta2: 0.99, eps: 0.1 }),
  own("rmsprop", { rate: 0.01, decay: 0.01, alpha: 0.9, momentum: 0.5, eps: 1e-3 }),
  // Without an epsilon what follows a parameter would become 0 / 0.
  own("adam", { rate: 0.01, decay: 0, eps: 0 }),
  own("rmsprop", { rate: 0.01, decay: 0, eps: 0 }),
];

const cases = [...torch, ...formulas];
const averageDecay = 0.75;

/** In the arenas: each parameter with what is put after it. */
const laidOut = ({ segments }: Case, values: readonly number[]): Operand => {
  let from = 0;
  const data = segments.flatMap(({ count, padded }) => {
    const some = values.slice(from, (from += count));
    return [...some, ...Array.from({ length: padded - count }, () => 0)];
  });
  return { shape: [data.length], data: Float64Array.from(data) };
};

const scalars = (numbers: Readonly<Record<string, number>>): Record<string, Operand> =>
  Object.fromEntries(
    Object.entries(numbers).map(([role, value]) => [
      role,
      { shape: [1], data: Float64Array.of(value) },
    ]),
  );

/** The parameters after each batch, the last moments, and the last average. */
interface Result {
  readonly parameters: readonly ArrayLike<number>[];
  readonly moments: readonly ArrayLike<number>[];
  readonly average: ArrayLike<number>;
}

/** By the formulas. */
function evaluated(each: Case): Result {
  const { numbers: defaults, moments: kept } = optimizers[each.name];
  const zeros = { ...laidOut(each, []), data: laidOut(each, each.start).data.map(() => 0) };
  let [parameters, moments] = [laidOut(each, each.start), kept.map((): Operand => zeros)];
  let average = parameters.data;
  const all = each.gradients.map((gradient, i) => {
    const roles = { rate: 0, decay: 0, ...defaults, ...each.numbers };
    const weights = scalars({ ...roles, ...("step" in roles ? { step: i + 1 } : {}) });
    const scaled = laidOut(each, gradient.map((g) => g * each.clip));
    const inputs = [parameters, scaled, ...moments];
    const after = updatePrimitive(each.name).evaluate({ inputs, weights }, each, 1);
    const [first, ...rest] = after.map((data) => ({ shape: [data.length], data }));
    [parameters, moments] = [first!, rest];
    const follow = { inputs: [{ ...first!, data: average }, first!], weights: scalars({ decay: averageDecay }) };
    average = movingAverage.evaluate(follow, {}, 1)[0]!;
    return first!.data;
  });
  return { parameters: all, moments: moments.map(({ data }) => data), average };
}

/** Read when the program runs: a compiler is slow with lists of thousands. */
const list = ({ data }: Operand): string => `read("${Array.from(data).join(" ")}")`;

/** Fields of incept_train_numbers, in words of the primitives. */
const fields = ["rate", "decay", "momentum", "nesterov", "beta1", "beta2", "alpha", "eps"];

const caseText = (each: Case): string => {
  const numbers: Record<string, number> = { ...optimizers[each.name].numbers, ...each.numbers };
  const set = fields
    .filter((name) => numbers[name] !== undefined)
    .map((name) => `n.${name} = ${numbers[name]};`);
  const rows = each.segments.map(({ count, rate, decay }) => `{${count}, ${rate}, ${decay}}`);
  return `{
  incept_train_numbers n = INCEPT_TRAIN_NUMBERS;
  ${set.join(" ")} n.average = ${averageDecay};
  run(INCEPT_${each.name.toUpperCase()}, n, ${each.clip}, {${rows.join(", ")}},
      ${list(laidOut(each, each.start))},
      {${each.gradients.map((gradient) => list(laidOut(each, gradient))).join(",\n")}});
}`;
};

/** One line a result: parameters after each batch, moments, average, sums of squares. */
const program = `
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
#include "cpu/train/update.hpp"
#include "cpu/team.hpp"

using namespace incept::cpu;
using Floats = std::vector<float>;

Floats read(const char* text) {
  Floats values;
  for (char* end; *text != 0; text = end) values.push_back(std::strtof(text, &end));
  return values;
}

struct Row { std::ptrdiff_t count; double rate, decay; };

std::vector<Piece> cut(const std::vector<Row>& rows) {
  std::vector<Piece> pieces;
  std::ptrdiff_t begin = 0;
  for (const Row& row : rows) {
    for (std::ptrdiff_t from = 0; from < row.count; from += Piece::kMost) {
      const std::ptrdiff_t count = row.count - from < Piece::kMost ? row.count - from : Piece::kMost;
      pieces.push_back({begin, count, (count + 15) / 16 * 16, {row.rate, row.decay}});
      begin += pieces.back().padded;
    }
  }
  return pieces;
}

// Of one number of threads: all results, one after another.
std::vector<Floats> results(int threads, incept_optimizer optimizer, incept_train_numbers n, double clip,
                            const std::vector<Row>& rows, const Floats& start,
                            const std::vector<Floats>& gradients, std::vector<double>& squares) {
  const std::vector<Piece> pieces = cut(rows);
  const Table<Piece> table = {pieces.data(), pieces.size()};
  Floats parameters = start, average = start, first(start.size()), second(start.size());
  squares.assign(pieces.size(), 0);
  std::vector<Floats> all;
  Team team(threads);
  for (const Floats& gradient : gradients) {
    n.step = int64_t(all.size()) + 1;
    const Arenas arenas = {parameters.data(), gradient.data(),
                           {first.data(), optimizer == INCEPT_SGD ? nullptr : second.data()},
                           average.data()};
    team.run([&](Member& t) {
      square_sums(t, table, gradient.data(), squares.data());
      update(t, table, arenas, optimizer, n, clip);
    });
    all.push_back(parameters);
  }
  all.push_back(first);
  if (optimizer != INCEPT_SGD) all.push_back(second);
  all.push_back(average);
  return all;
}

void run(incept_optimizer optimizer, const incept_train_numbers& n, double clip,
         const std::vector<Row>& rows, const Floats& start, const std::vector<Floats>& gradients) {
  std::vector<double> sums[3];
  const auto alone = results(1, optimizer, n, clip, rows, start, gradients, sums[0]);
  for (int threads : {2, 3}) {
    const auto shared = results(threads, optimizer, n, clip, rows, start, gradients, sums[threads - 1]);
    for (std::size_t i = 0; i < alone.size(); ++i)
      if (std::memcmp(alone[i].data(), shared[i].data(), start.size() * 4) != 0)
        std::printf("%d threads differ in result %zu\\n", threads, i);
    if (sums[threads - 1] != sums[0]) std::printf("%d threads differ in the sums\\n", threads);
  }
  for (const Floats& values : alone) {
    for (float x : values) std::printf("%.9g ", x);
    std::printf("\\n");
  }
  double sum = 0;
  for (double own : sums[0]) sum += own;
  std::printf("%.17g\\n", sum);
}

int main() {
${cases.map(caseText).join("\n")}
}
`;

const columns = (each: Case): number => each.gradients.length + optimizers[each.name].moments.length + 2;

test("native optimizers compute their formulas, and what PyTorch does, with any threads", async () => {
  const update = packageFile("native", "cpu", "train", "update.cpp");
  const lines = await runNative(program, "native", [update]);
  expect(lines.length).toBe(cases.map(columns).reduce((a, b) => a + b));
  let line = 0;
  for (const each of cases) {
    const got = lines.slice(line, (line += columns(each))).map((text) => text.trim().split(" ").map(Number));
    const { parameters, moments, average } = evaluated(each);
    for (const [i, expected] of [...parameters, ...moments, average].entries())
      expect([each.name, i, relativeL2(got[i]!, expected) < 5e-7]).toEqual([each.name, i, true]);
    for (const [i, expected] of (each.results ?? []).entries())
      expect(relativeL2(got[i]!, laidOut(each, expected).data)).toBeLessThan(5e-7);
    const last = { inputs: [laidOut(each, each.gradients.at(-1)!)], weights: scalars({ most: 1 }) };
    const [, norm] = clipFactor.evaluate(last, each, 1);
    expect(Math.sqrt(got.at(-1)![0]!) / norm![0]!).toBeCloseTo(1, 7);
  }
});

test("there is a case of each", () => {
  expect(new Set(formulas.map(({ name }) => name))).toEqual(new Set(optimizerNames));
});
