import { expect, test } from "vitest";
import { runNative } from "./compile.js";

/**
 * Each preparation reads two of the parameters, fills scratch, gives its thread away, and writes what
 * the scratch holds then: two that shared scratch or the place that parameters are read to, or one that
 * ran twice or never, would show in the weights. Every other parameter is in memory; how often the
 * rest are read is counted.
 */
const program = `
#include "cpu/prepare.hpp"
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>
using namespace incept;

constexpr int kCount = 40, kFloats = 1000, kScratch = 70;

template <int N>
void prepare_one(const float* const* p, float* s, float* w) {
  for (int i = 0; i < kScratch; ++i) s[i] = p[N][i] + p[(N + 1) % kCount][i];
  std::this_thread::yield();
  for (int i = 0; i < kFloats; ++i) w[N * kFloats + i] += s[i % kScratch];
}

template <int... N>
std::vector<network::Preparation> all(std::integer_sequence<int, N...>) {
  return {network::reads<N, (N + 1) % kCount>(prepare_one<N>)...};
}

template <int... N>
std::vector<incept_port> ports(std::integer_sequence<int, N...>) {
  return {(static_cast<void>(N), incept_port{"p", nullptr, 1, kScratch, INCEPT_F32})...};
}

const auto kPlaces = std::make_integer_sequence<int, kCount>{};
const std::vector<incept_port> parameters = ports(kPlaces);
const incept_info network::info = {INCEPT_ABI_VERSION, "Sums", "cpu", 1, nullptr, 0, nullptr, 0,
                                   parameters.data(), kCount, 0, 0, "baseline", 0};

float value(int parameter, int i) { return float(1000 * parameter + i); }

struct Source {
  std::vector<std::vector<float>> known;
  int absent = -1;
  std::atomic<int> read{0};
};

const float* values(void* context, std::size_t index, float* room) {
  auto& source = *static_cast<Source*>(context);
  const int parameter = int(index);
  if (parameter == source.absent) return nullptr;
  if (parameter % 2 == 0) return source.known[index].data();
  ++source.read;
  for (int i = 0; i < kScratch; ++i) room[i] = value(parameter, i);
  std::this_thread::yield();
  return room;
}

int main() {
  const std::vector<network::Preparation> list = all(kPlaces);
  const network::Program program = {cpu::Level::kBaseline, "cpu", 0, 4 * kCount * kFloats, kScratch,
                                    1, 0, list.data(), kCount, nullptr};
  Source source;
  for (int p = 0; p < kCount; ++p)
    for (source.known.emplace_back(); source.known.back().size() < kScratch;)
      source.known.back().push_back(value(p, int(source.known.back().size())));
  for (int threads : {1, 2, 3, 7}) {
    long wrong = 0;
    source.read = 0;
    for (int turn = 0; turn < 50; ++turn) {
      std::vector<float> weights(kCount * kFloats);
      const cpu::Prepared done = cpu::prepare(program, {&source, values}, weights.data(), threads);
      if (!done.has_memory || done.unread >= 0) return 1;
      for (int n = 0; n < kCount; ++n)
        for (int i = 0; i < kFloats; ++i)
          wrong += weights[n * kFloats + i] !=
                   value(n, i % kScratch) + value((n + 1) % kCount, i % kScratch);
    }
    std::printf("%d threads: %ld wrong, %d read\\n", threads, wrong, int(source.read));
  }
  source.absent = 30;
  std::vector<float> weights(kCount * kFloats);
  std::printf("%d absent\\n", cpu::prepare(program, {&source, values}, weights.data(), 3).unread);
  std::printf("room for %d\\n", int(cpu::read_floats(list[0])));
  network::Program small = program, large = program;
  large.weight_bytes = std::uint64_t(1) << 30;
  const int most = cpu::preparing_threads(large);
  std::printf("%d, %s\\n", cpu::preparing_threads(small),
              most >= 1 && most <= cpu::physical_cores() && most <= kCount ? "some" : "too many");
}`;

const march = process.arch === "x64" ? "x86-64" : "native";
// Each of the 20 that are not in memory, for two preparations, 50 times.
const right = [
  ...[1, 2, 3, 7].map((threads) => `${threads} threads: 0 wrong, 2000 read`),
  "30 absent",
  "room for 160",
  "1, some",
];

test("weights are the same on any number of threads, each with scratch of its own", async () => {
  expect(await runNative(program, march)).toEqual(right);
});

test("threads that prepare weights touch nothing of one another's", async () => {
  const sanitizer = ["-fsanitize=thread", "-g"];
  expect(await runNative(program, march, sanitizer)).toEqual(right);
});
