// Times ways to compute layers: `network THREADS ROUNDS BYTES`, 0 threads for one a physical core.
//
// In each round every way is run once, so that what else the machine does meets all of them alike;
// the least time of all rounds counts, since others only ever make one slower. Before each run the
// threads read BYTES of something else, as many as the network reads between two runs of a layer:
// weights are then as far away as they will be, in a cache or in memory. A layer's input is read
// after that, since the layer before has just written it.
//
// Prints `threads N`, `round I` after each, and in the end `time INDEX NANOSECONDS` of every way.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <system_error>
#include <vector>

#include "../cpu/cores.hpp"
#include "../cpu/memory.hpp"
#include "../cpu/team.hpp"
#include "candidate.hpp"
#include "time_of.hpp"

namespace incept::tuning {
namespace {

using Clock = std::chrono::steady_clock;

// Of numbers that make no sum large, and no square root or quotient odd: both halves of each float
// are such a number of bf16, too.
bool fill(cpu::Memory& floats, std::size_t count) {
  if (!floats.allocate(count)) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const float number = 0.5f + float(i * 7 % 64) / 128;
    std::uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    bits |= bits >> 16;
    std::memcpy(floats.data() + i, &bits, sizeof bits);
  }
  return true;
}

// A member's share of `count` floats, read a cache line at a time.
float read(const cpu::Member& t, const float* floats, std::size_t count) {
  const auto [begin, end] = cpu::share(t, std::ptrdiff_t(count));
  float sum = 0;
  for (std::ptrdiff_t i = begin; i < end; i += 16) sum += floats[i];
  return sum;
}

std::size_t sum(const std::vector<std::size_t>& counts) {
  std::size_t all = 0;
  for (const std::size_t count : counts) all += (count + 15) / 16 * 16;
  return all;
}

class Bench {
 public:
  // False where there is not enough memory.
  bool prepare(std::size_t walked) {
    std::size_t inputs = 0, arena = 0, weights = 0;
    for (const Candidate& each : candidates) {
      inputs = std::max(inputs, sum(each.inputs));
      arena = std::max(arena, each.arena);
      weights = std::max(weights, each.weights);
    }
    walked_ = walked;
    return fill(inputs_, inputs) && fill(arena_, arena) && fill(weights_, weights) &&
           fill(other_, walked);
  }

  // Nanoseconds of one run by the whole team.
  double time(cpu::Team& team, const Candidate& way) {
    std::vector<const void*> inputs;
    std::size_t at = 0;
    for (const std::size_t count : way.inputs) {
      inputs.push_back(inputs_.data() + at);
      at += (count + 15) / 16 * 16;
    }
    const network::Run run{inputs.data(),   nullptr,          0, 1, arena_.data(), 1,
                           weights_.data(), network::programs};
    const auto before = [&](cpu::Member& t) {
      volatile float sink = read(t, other_.data(), walked_);
      sink = read(t, inputs_.data(), at);
      (void)sink;
    };
    const auto taken = time_of(team, Clock::now, before, [&](cpu::Member& t) { way.run(t, run); });
    return std::chrono::duration<double, std::nano>(taken).count();
  }

 private:
  cpu::Memory inputs_, arena_, weights_, other_;
  std::size_t walked_ = 0;
};

int measure(int threads, int rounds, std::size_t bytes) {
  const cpu::Level level = network::programs[0].level;
  const char* missing = cpu::missing_feature(level, cpu::read_cpu());
  if (!missing && !cpu::permit(level)) missing = "the system's leave to use AMX";
  if (missing) {
    std::fprintf(stderr, "cpu/unsupported: this processor lacks %s\n", missing);
    return 1;
  }
  cpu::Team team(threads > 0 ? threads : cpu::physical_cores());
  Bench bench;
  if (!bench.prepare(bytes / sizeof(float))) {
    std::fprintf(stderr, "memory/exhausted: there is not enough memory to measure in\n");
    return 1;
  }
  std::printf("threads %d\n", team.size());
  std::vector<double> least(candidates.size(), std::numeric_limits<double>::infinity());
  for (int round = 1; round <= rounds; ++round) {
    // Each round begins elsewhere: nobody always follows the same one.
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::size_t index = (i + std::size_t(round) * 31) % candidates.size();
      least[index] = std::min(least[index], bench.time(team, candidates[index]));
    }
    std::printf("round %d\n", round);
    std::fflush(stdout);
  }
  for (std::size_t i = 0; i < least.size(); ++i) std::printf("time %zu %.0f\n", i, least[i]);
  return 0;
}

}  // namespace
}  // namespace incept::tuning

int main(int count, char** arguments) {
  if (count != 4) return 2;
  try {
    return incept::tuning::measure(std::atoi(arguments[1]), std::atoi(arguments[2]),
                                   std::size_t(std::atoll(arguments[3])));
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "threads/exhausted: the system gives no thread: %s\n", error.what());
    return 1;
  }
}
