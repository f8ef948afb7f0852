import { expect, test } from "vitest";
import { runNative } from "./compile.js";

/**
 * Members hand numbers to one another through barriers, thousands of times: a member that left a
 * barrier early would read an old one. Pauses make some members park. `busy` teams run at once.
 */
const program = `
#include "team.hpp"
#include <chrono>
#include <cstdio>
#include <vector>
using namespace incept::cpu;

long mistakes(int threads, int runs) {
  Team team(threads);
  std::vector<long> written(threads, -1);
  std::vector<long> wrong(threads, 0);
  for (int run = 0; run < runs; ++run)
    team.run([&](Member& t) {
      for (long turn = 0; turn < 5; ++turn) {
        if (run % 50 == 0 && t.rank() == run / 50 % t.size())
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        written[t.rank()] = run * 5 + turn;
        t.barrier();
        for (long value : written) wrong[t.rank()] += value != run * 5 + turn;
        t.barrier();
      }
    });
  long sum = 0;
  for (long count : wrong) sum += count;
  return sum;
}

int main() {
  for (int threads : {1, 2, 3, 5}) std::printf("%d members: %ld wrong\\n", threads, mistakes(threads, 200));
  std::vector<long> wrong(4, -1);
  std::vector<std::thread> callers;
  for (long& count : wrong) callers.emplace_back([&count] { count = mistakes(2, 100); });
  for (std::thread& caller : callers) caller.join();
  for (long count : wrong) std::printf("4 teams at once: %ld wrong\\n", count);
  for (int i = 0; i < 500; ++i) Team team(3);
  std::printf("500 teams ended without a run\\n");
  Team shares(3);
  std::vector<int> owners(10);
  shares.run([&](Member& t) { for (auto [i, end] = share(t, 10); i < end; ++i) ++owners[i]; });
  for (int count : owners) if (count != 1) std::printf("item with %d owners\\n", count);
  for (int run = 0; run < 2; ++run) {
    int one[3], four[4] = {-1, -1, -1, -1};
    shares.run([&](Member& t) {
      for (int& owner : one)
        for (auto [i, end] = share_in_turn(t, 1); i < end; ++i) owner = t.rank();
      for (auto [i, end] = share_in_turn(t, 4); i < end; ++i) four[i] = t.rank();
    });
    std::printf("one item each of %d%d%d, four", one[0], one[1], one[2]);
    for (int owner : four) std::printf(owner < 0 ? " lost" : " owned");
    std::printf("\\n");
  }
}`;

const expected = [
  ...[1, 2, 3, 5].map((members) => `${members} members: 0 wrong`),
  ...Array.from({ length: 4 }, () => "4 teams at once: 0 wrong"),
  "500 teams ended without a run",
  // In every run the same, and each of the members once.
  ...Array.from({ length: 2 }, () => "one item each of 210, four owned owned owned owned"),
];

test("barriers hold, teams are independent and end", { timeout: 120_000 }, async () => {
  expect(await runNative(program, "native")).toEqual(expected);
});

test("the thread sanitizer finds no race", { timeout: 240_000 }, async ({ skip }) => {
  const sanitize = ["-fsanitize=thread", "-g"];
  const hello = 'int main() { __builtin_printf("here\\n"); }';
  const here = await runNative(hello, "native", sanitize).catch(() => []);
  skip(here[0] !== "here", "this machine has no thread sanitizer");
  expect(await runNative(program, "native", sanitize)).toEqual(expected);
});
