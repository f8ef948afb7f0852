import { expect, test } from "vitest";
import { runNative } from "./compile.js";

/**
 * Each preparation fills scratch, gives its thread away, and writes what the scratch holds then: two
 * that shared scratch, or one that ran twice or never, would show in the weights.
 */
const program = `
#include "cpu/prepare.hpp"
#include <cstdio>
#include <thread>
#include <vector>
using namespace incept;

constexpr int kCount = 40, kFloats = 1000, kScratch = 70;

template <int N>
void prepare_one(const float* const* p, float* s, float* w) {
  for (int i = 0; i < kScratch; ++i) s[i] = p[0][i] + N;
  std::this_thread::yield();
  for (int i = 0; i < kFloats; ++i) w[N * kFloats + i] += s[i % kScratch];
}

template <int... N>
std::vector<network::Preparation> all(std::integer_sequence<int, N...>) {
  return {prepare_one<N>...};
}

int main() {
  const std::vector<network::Preparation> list = all(std::make_integer_sequence<int, kCount>{});
  const network::Program program = {cpu::Level::kBaseline, "cpu", 0, 4 * kCount * kFloats, kScratch,
                                    1, 0, list.data(), kCount, nullptr};
  std::vector<float> parameter(kScratch);
  for (int i = 0; i < kScratch; ++i) parameter[i] = float(i * i);
  const float* const parameters[] = {parameter.data()};
  for (int threads : {1, 2, 3, 7}) {
    long wrong = 0;
    for (int turn = 0; turn < 50; ++turn) {
      std::vector<float> weights(kCount * kFloats);
      if (!cpu::prepare(program, parameters, weights.data(), threads)) return 1;
      for (int n = 0; n < kCount; ++n)
        for (int i = 0; i < kFloats; ++i)
          wrong += weights[n * kFloats + i] != parameter[i % kScratch] + n;
    }
    std::printf("%d threads: %ld wrong\\n", threads, wrong);
  }
  network::Program small = program, large = program;
  large.weight_bytes = std::uint64_t(1) << 30;
  const int most = cpu::preparing_threads(large);
  std::printf("%d, %s\\n", cpu::preparing_threads(small),
              most >= 1 && most <= cpu::physical_cores() && most <= kCount ? "some" : "too many");
}`;

const march = process.arch === "x64" ? "x86-64" : "native";
const right = [...[1, 2, 3, 7].map((threads) => `${threads} threads: 0 wrong`), "1, some"];

test("weights are the same on any number of threads, each with scratch of its own", async () => {
  expect(await runNative(program, march)).toEqual(right);
});

test("threads that prepare weights touch nothing of one another's", async () => {
  const sanitizer = ["-fsanitize=thread", "-g"];
  expect(await runNative(program, march, sanitizer)).toEqual(right);
});
