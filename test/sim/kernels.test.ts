import { expect, test } from "vitest";
import { runCases } from "./compile.js";

test("kernels without a fault compute what they should, in many orders", async () => {
  const seen = await runCases("kernels.cpp");
  expect(Object.fromEntries(seen)).toEqual({
    "through shared memory": "499500",
    "with one thread": "499500",
    "with all threads": "499500",
    "through shuffles": "499500",
    downwards: "499500",
    "in half warps": "499500",
    "with atomics": "499500",
    "in a warp that is not full": "499500",
    "on several threads of the host": "499500 499500 499500 499500",
    "a transpose": "0 wrong",
    "packs of f16": "0 wrong",
    "packs of bf16": "0 wrong",
    "turns of threads": "many orders",
    "turns of blocks": "many orders",
    "turns of threads once more": "the same, another with another seed",
    "turns of blocks once more": "the same, another with another seed",
  });
});
