import { expect, test } from "vitest";
import { runNative } from "./compile.js";

const program = `
#include <cstdio>
#include <vector>
#include "prepare/concat_rows.hpp"
#include "prepare/fold_batchnorm.hpp"
#include "prepare/turn_weights.hpp"
using namespace incept;

void print(const std::vector<float>& values) {
  for (float x : values) std::printf("%g ", x);
  std::printf("\\n");
}

int main() {
  const float weight[] = {1, 2, 3, 4}, bias[] = {1, -1}, gamma[] = {2, 3}, beta[] = {0.5f, 0};
  const float mean[] = {1, 2}, variance[] = {3.75f, 0};
  std::vector<float> w(4), b(2);
  fold_batchnorm(2, 2, 0.25, weight, bias, gamma, beta, mean, variance, w.data(), b.data());
  print(w), print(b);
  fold_batchnorm(2, 2, 0.25, weight, nullptr, nullptr, nullptr, mean, variance, w.data(), b.data());
  print(w), print(b);
  std::vector<float> rows(5, 9);
  concat_rows(rows.data(), {{weight, 2}, {nullptr, 1}, {bias, 2}});
  print(rows);
  // Two groups of one output and two inputs, three taps.
  const float taps[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  std::vector<float> turned(12);
  turn_weights(2, 1, 2, 3, taps, turned.data());
  print(turned);
  // One group of two outputs and three inputs, two taps.
  turn_weights(1, 2, 3, 2, taps, turned.data());
  print(turned);
}`;

// By hand: s = gamma / sqrt(variance + 0.25) = 2 / 2 and 3 / 0.5; absent gamma 1 / 2 and 1 / 0.5.
test("what prepares weights computes what their comments say", { timeout: 120_000 }, async () => {
  const lines = await runNative(program, "native");
  expect(lines.map((line) => line.trim())).toEqual([
    "1 2 18 24",
    "0.5 -18",
    "0.5 1 6 8",
    "-0.5 -4",
    "1 2 0 1 -1",
    "3 2 1 6 5 4 9 8 7 12 11 10",
    "2 1 8 7 4 3 10 9 6 5 12 11",
  ]);
});
