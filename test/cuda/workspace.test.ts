import { expect, it } from "vitest";
import { runNative } from "../native/compile.js";

it("gives tasks that may run at once bytes of their own, and others the same", async () => {
  // 0 -> 1 -> 2 -> 3 and 0 -> 4 -> 3: task 4 runs beside 1 and 2.
  const program = `
#include <cstdio>
#include "cuda/workspace.cpp"

int main() {
  incept::cuda::Workspace space;
  const int none[] = {0}, zero[] = {0}, one[] = {1}, both[] = {2, 4};
  space.task(0, none, 0);
  space.task(1, zero, 1);
  space.task(2, one, 1);
  space.task(4, zero, 1);
  space.task(3, both, 2);
  space.need(0, 5000);
  space.need(1, 1000);
  space.need(2, 2000);
  space.need(3, 100);
  space.need(4, 300);
  space.need(4, 300);
  std::printf("%zu\\n", space.pack());
  for (int id : {0, 1, 2, 3, 4}) std::printf("%lld\\n", static_cast<long long>(space.offset(id)));
}`;
  const [total, ...offsets] = (await runNative(program, "x86-64")).map(Number);
  // 5000 bytes in whole 256s are the most that are alive at once; 2000 and 2 * 300 fit into them.
  expect(total).toBe(5120);
  expect(offsets).toEqual([0, 0, 0, 0, 2048]);
});

it("runs a batch on the rungs of a ladder", async () => {
  const program = `
#include <cstdio>
#include <initializer_list>
#include "cuda/ladder.hpp"

int main() {
  for (long long most : {1, 6, 8}) {
    const auto rungs = incept::cuda::ladder_of(most);
    for (long long batch = 1; batch <= most; ++batch) {
      std::printf("%lld of %lld:", batch, most);
      for (long long left = batch; left > 0;) {
        const long long rung = rungs[incept::cuda::rung_for(rungs, left)];
        std::printf(" %lld", rung);
        left -= rung;
      }
      std::printf("\\n");
    }
  }
}`;
  expect(await runNative(program, "x86-64")).toEqual([
    "1 of 1: 1",
    "1 of 6: 1",
    "2 of 6: 2",
    "3 of 6: 4",
    "4 of 6: 4",
    "5 of 6: 6",
    "6 of 6: 6",
    "1 of 8: 1",
    "2 of 8: 2",
    "3 of 8: 4",
    "4 of 8: 4",
    "5 of 8: 4 1",
    "6 of 8: 8",
    "7 of 8: 8",
    "8 of 8: 8",
  ]);
});
