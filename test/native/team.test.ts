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

/**
 * Runs like a network's: levels of claimed stretches and of shares by rank, each made of the one
 * before, in memory that is gone after the run. Some members pause where they are, so that others go
 * on without them and they come late, also to the next run.
 */
const claims = `
#include "team.hpp"
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <vector>
using namespace incept::cpu;

struct Buffers {
  std::vector<long> level[9];
};
constexpr long counts[] = {1, 7, 40, 3, 100, 2, 65, 12};

void pause_at(unsigned seed) {
  std::minstd_rand random(seed * 7919 + 1);
  random.discard(3);
  if (random() % 1000 == 0) std::this_thread::sleep_for(std::chrono::microseconds(random() % 2000));
  if (random() % 200 == 0) std::this_thread::sleep_for(std::chrono::microseconds(1));
}

long item(const std::vector<long>& in, long i, long level) {
  return in[i % in.size()] * 3 + in[(i * 5 + 1) % in.size()] + i + level;
}

// By all members, or, where it is null, by the definition.
void walk(Member* t, Buffers* buffers, unsigned run) {
  for (int level = 0; level < 8; ++level) {
    std::vector<long>& in = buffers->level[level];
    std::vector<long>& out = buffers->level[level + 1];
    const auto one = [&](long i) {
      if (t) pause_at(run * 1009 + unsigned(level * 131 + i));
      out[i] = item(in, i, level);
    };
    const long count = counts[level], half = count / 2;
    if (!t) {
      for (long i = 0; i < count; ++i) one(i);
      continue;
    }
    // Two steps in one level, and now and then one that each member owes its share of.
    for (auto [i, end] : t->stretches(half)) for (; i < end; ++i) one(i);
    if (run % 3 == 0 && level % 3 == 1) {
      for (auto [i, end] = share(*t, count - half); i < end; ++i) one(half + i);
    } else {
      for (auto [i, end] : t->stretches(count - half)) for (; i < end; ++i) one(half + i);
    }
    if (level < 7) t->barrier();
  }
}

std::unique_ptr<Buffers> fresh(unsigned run) {
  auto buffers = std::make_unique<Buffers>();
  buffers->level[0] = {long(run), 1, 2};
  for (int level = 0; level < 8; ++level) buffers->level[level + 1].resize(counts[level]);
  return buffers;
}

long mistakes(int threads, int spin, unsigned runs) {
  Team team(threads, spin);
  std::minstd_rand random(unsigned(threads * 100 + spin));
  long wrong = 0;
  for (unsigned run = 0; run < runs; ++run) {
    auto mine = fresh(run), right = fresh(run);
    walk(nullptr, right.get(), run);
    if (random() % 20 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
    const double worth = random() % 5 == 0 ? double(random() % 400) : 1e6;
    Buffers* const buffers = mine.get();
    if (run % 4 == 3)
      team.run([&](Member& t) { walk(&t, buffers, run); });
    else
      team.run_worth(worth, [=](Member& t) { walk(&t, buffers, run); });
    for (int level = 0; level < 9; ++level) wrong += mine->level[level] != right->level[level];
  }
  return wrong;
}

static_assert(worth_calling(25, false, false) && !worth_calling(24, false, true));
static_assert(worth_calling(90, true, false) && !worth_calling(89, true, false));
static_assert(worth_calling(25, true, true) && !worth_calling(24, true, true));

// Whether a worker that has fallen asleep is woken for runs that follow one another, each of them too
// short to be worth it.
bool woken() {
  Team team(2, 20000);
  bool alone = false;
  for (int run = 0; run < 100000; ++run) {
    int size = 0;
    team.run_worth(100, [&size](Member& t) { if (t.rank() == 0) size = t.size(); });
    if (alone && size == 2) return true;
    alone = alone || size == 1;
    if (!alone) std::this_thread::sleep_for(std::chrono::milliseconds(40));
  }
  return false;
}

int main() {
  std::printf("%s\\n", woken() ? "woken for runs to come" : "asleep");
  for (int threads : {1, 2, 3, 7})
    for (int spin : {0, 50}) std::printf("%d members: %ld wrong\\n", threads, mistakes(threads, spin, 120));
  std::vector<long> wrong(3, -1);
  std::vector<std::thread> callers;
  for (long& count : wrong) callers.emplace_back([&count] { count = mistakes(3, 50, 100); });
  for (std::thread& caller : callers) caller.join();
  for (long count : wrong) std::printf("3 teams at once: %ld wrong\\n", count);
  for (int i = 0; i < 100; ++i) {
    Team team(3, i % 2 * 50);
    if (i % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
    if (i % 4 == 0) team.run_worth(1e6, [](Member& t) { for (auto [j, end] : t.stretches(5)) j = end; });
  }
  std::printf("100 teams ended, parked or not\\n");

  // A member that is held up before it has a piece holds nobody up: it goes on after the run.
  static std::atomic<bool> over{false};
  Team late(2, 0);
  long done = 0;
  for (int run = 0; run < 20; ++run) {
    over = false;
    std::vector<char> items(64);
    char* const own = items.data();
    late.run_worth(1e6, [own](Member& t) {
      while (t.rank() == 1 && !over) std::this_thread::sleep_for(std::chrono::microseconds(50));
      for (auto [i, end] : t.stretches(64)) for (; i < end; ++i) own[i] = 1;
    });
    for (char item : items) done += item;
    over = true;
  }
  std::printf("%ld items without a member that was held up\\n", done);
}`;

const expectedClaims = [
  "woken for runs to come",
  ...[1, 2, 3, 7].flatMap((members) => Array<string>(2).fill(`${members} members: 0 wrong`)),
  ...Array.from({ length: 3 }, () => "3 teams at once: 0 wrong"),
  "100 teams ended, parked or not",
  "1280 items without a member that was held up",
];

const expected = [
  ...[1, 2, 3, 5].map((members) => `${members} members: 0 wrong`),
  ...Array.from({ length: 4 }, () => "4 teams at once: 0 wrong"),
  "500 teams ended without a run",
  // In every run the same, and each of the members once.
  ...Array.from({ length: 2 }, () => "one item each of 210, four owned owned owned owned"),
];

test("barriers hold, teams are independent and end", { timeout: 240_000 }, async () => {
  expect(await runNative(program, "native")).toEqual(expected);
});

test("what members claim is computed once, whoever is late", { timeout: 240_000 }, async () => {
  expect(await runNative(claims, "native")).toEqual(expectedClaims);
});

test("the thread sanitizer finds no race", { timeout: 600_000 }, async ({ skip }) => {
  const sanitize = ["-fsanitize=thread", "-g"];
  const hello = 'int main() { __builtin_printf("here\\n"); }';
  const here = await runNative(hello, "native", sanitize).catch(() => []);
  skip(here[0] !== "here", "this machine has no thread sanitizer");
  expect(await runNative(program, "native", sanitize)).toEqual(expected);
  expect(await runNative(claims, "native", sanitize)).toEqual(expectedClaims);
});
