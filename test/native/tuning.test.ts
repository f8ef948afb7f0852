import { expect, test } from "vitest";
import { runNative } from "./compile.js";

/**
 * How a way to compute a layer is timed, by a clock that only the members' work moves on: 5000 for what
 * each does before, 100 for a long part and 7 for a short one. A member that is `late` looks at the clock
 * only when another has done its part; one that is `last` does its part after all others.
 */
const program = `
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include "tuning/time_of.hpp"
using namespace incept;

std::atomic<long> clock_now{0}, looks{0}, done{0};
thread_local int rank = -1;

void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

void until(const std::atomic<long>& count, long enough) {
  while (count < enough) nap();
}

long timed(cpu::Team& team, int late, int last) {
  clock_now = 0, looks = 0, done = 0;
  const int size = team.size();
  const auto now = [&]() -> long {
    if (rank == late && looks < size) until(done, 1);
    ++looks;
    return clock_now;
  };
  const auto before = [&](cpu::Member& t) {
    rank = t.rank();
    clock_now += 5000;
  };
  return tuning::time_of(team, now, before, [&](cpu::Member& t) {
    // Nobody works before all others than those that are late have begun.
    until(looks, late < 0 ? size : size - 1);
    if (t.rank() == last) {
      until(done, size - 1);
      nap();  // For who would not wait for it.
    }
    clock_now += t.rank() == (late < 0 ? last : (late + 1) % size) ? 100 : 7;
    ++done;
  });
}

int main() {
  for (int threads : {2, 3}) {
    cpu::Team team(threads);
    for (int late = 0; late < threads; ++late)
      std::printf("%d threads, %d late: %ld\\n", threads, late, timed(team, late, -1));
    for (int last = 0; last < threads; ++last)
      std::printf("%d threads, %d last: %ld\\n", threads, last, timed(team, -1, last));
  }
  cpu::Team alone(1);
  std::printf("alone: %ld\\n", timed(alone, -1, 0));
}`;

test("a team is timed from when its first member begins until all are done", async () => {
  expect(await runNative(program, "native")).toEqual([
    ...[2, 3].flatMap((threads) => {
      const all = 100 + 7 * (threads - 1);
      return ["late", "last"].flatMap((how) =>
        Array.from({ length: threads }, (_, who) => `${threads} threads, ${who} ${how}: ${all}`),
      );
    }),
    "alone: 100",
  ]);
});
