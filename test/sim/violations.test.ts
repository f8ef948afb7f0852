import { beforeAll, describe, expect, test } from "vitest";
import { runCases } from "./compile.js";

/**
 * What the simulator is for: one planted fault a case, seen and named; and beside it the program
 * without the fault, which passes.
 */

const passes = ["passes"];

const expected: Record<string, readonly (string | RegExp)[]> = {
  "stays inside": passes,
  "reads above": [
    "sim/out-of-bounds: copy, block 1,0 thread 7, task 0: reads 4 bytes at element 40 (byte 160)",
    "memory 0, 160 bytes from byte 0, outside of it",
  ],
  "reads below": ["sim/out-of-bounds", "thread 0,", "reads", "element -1 (byte -4)"],
  "writes above": ["sim/out-of-bounds", "block 1,0 thread 7", "writes", "element 39 (byte 156)"],
  "a slice by its pitch": passes,
  "a neighbour's channels": [
    "sim/out-of-bounds: fill, block 0,0 thread ",
    "6 stretches of 16 bytes, 32 apart, from byte 8, between its stretches",
  ],
  "a wrong pitch": ["sim/out-of-bounds: fill, block 0,0 thread ", "between its stretches"],
  "a pointer beyond a stretch": [
    "sim/out-of-bounds: walk",
    "element 4 (byte 24)",
    "between its stretches",
  ],
  "a view of nothing": ["sim/out-of-bounds: walk", "element 0 (byte 0)", "0 stretches of 16 bytes"],
  "a null pointer": ["sim/out-of-bounds", "copy, block 0,0 thread 0", "a null pointer"],
  "a view beyond its memory": [
    "sim/out-of-bounds",
    "13 stretches of 16 bytes",
    "memory of 400 bytes",
  ],
  "a view of another task": ["sim/recording: update, task 1: is given a view of task 0"],
  "the host": ["sim/out-of-bounds: The host: reads memory of the device"],
  "freed memory": ["sim/out-of-bounds", "which was freed"],
  "aligned packs": passes,
  "misaligned packs": ["sim/alignment: copy_packs", "reads 16 bytes", "not a multiple of 16"],
  "a pack across stretches": [
    "sim/out-of-bounds",
    "reads 16 bytes at element 4",
    "between its stretches",
  ],

  "unwritten memory": ["sim/unwritten-read: copy, block 0,0 thread ", "memory 0", "nobody"],
  "an unwritten output": [
    "sim/unwritten-output: Task 0 has left element 7 (byte 28) unwritten of its output, memory 0",
  ],
  "an output written by an earlier task": ["sim/unwritten-output: Task 1", "element 7"],
  "a value that is read again": passes,
  "a dead value": ["sim/unwritten-read: update", "task 2", "which is dead"],
  "a value of an earlier replay": ["sim/unwritten-read: copy_out, task 0", "element 0"],

  "a barrier": passes,
  "no barrier": ["shared array held", /^sim\/(race|unwritten-read)/],
  "two barriers": passes,
  "no second barrier": ["sim/race: kernel", "shared array held", "nothing to order the two"],
  "a warp's barrier": passes,
  "no warp's barrier": ["shared array held", /^sim\/(race|unwritten-read)/],
  "a shuffle in place of it": ["sim/race: kernel", "shared array held"],
  "a warp's barrier between warps": ["shared array held", /^sim\/(race|unwritten-read)/],
  "two threads write": ["sim/race: kernel, block 0,0 thread ", "writes element", "memory 1"],
  atomics: passes,
  "atomics and a plain read": ["sim/race: kernel", "shared array sum"],
  "another block's shared array": [
    /sim\/unwritten-read: kernel, block [01],0 thread 0/,
    "is a barrier missing?",
  ],
  "outside of a shared array": ["sim/out-of-bounds", "thread 63", "shared array held"],
  "too much shared memory": ["sim/launch", "49168 bytes of shared memory, of 49152"],

  "blocks write one place": [
    "sim/race: kernel, block 0,0 thread 0, task 0: writes element 0 (byte 0) of a view of memory 1",
    "which block 1,0 thread 0 writes",
  ],
  "blocks add atomically": passes,
  "one block adds plainly": ["sim/race: atomic_sum, block ", "memory 1"],
  "a block reads what another writes": ["sim/race: shift, block ", "memory 0, 1024 bytes"],

  "a thread returns": ["sim/divergence", "waits for ever", "thread 40, which has returned"],
  "two barriers at once": [
    "sim/divergence",
    /waits at the barrier of thread_violations\.cpp:\d+ while thread \d+ waits at that of/,
  ],
  "one barrier more": ["sim/divergence", "thread 63", "which has returned"],
  "a lane returns": ["sim/divergence", "the shuffle of", "thread 5, which has returned"],
  "a lane waits elsewhere": ["sim/divergence", "the shuffle of", "thread 5, which waits at"],
  "a mask without its lane": ["sim/divergence", "0000ffff, that leaves it out itself"],
  "two masks": ["sim/divergence", "with mask ffffffff", "55555555"],
  "a lane that a mask leaves out": ["0 numbers"],
  "a warp that is not full": ["sim/divergence", "names lane 16, but the block has 48 threads"],
  "too many threads": ["sim/launch: kernel, task 0: is launched with 1x1x1 blocks of 1025 threads"],

  "concurrent tasks apart": passes,
  "concurrent tasks that share bytes": [
    "sim/shared-bytes: Two concurrent tasks share bytes: task 1 writes memory 0",
    "task 2 writes memory 0",
    "both byte 12",
  ],
  "ordered tasks that share bytes": passes,
  "a task that follows none": ["sim/recording: Task 1 follows task 2"],
  "a launch outside of a task": ["sim/recording", "outside of a task"],

  before: passes,
  "the violation": ["sim/out-of-bounds: fill, block 0,0 thread 8"],
  after: ["cuda/lost: The GPU is lost: fill, block 0,0 thread 8"],
  synchronizing: ["cuda/lost"],
  "a new device": passes,
};

describe("the simulator sees", () => {
  let seen: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    const programs = ["violations.cpp", "thread_violations.cpp"].map(runCases);
    seen = new Map((await Promise.all(programs)).flatMap((lines) => [...lines]));
  });

  for (const [name, parts] of Object.entries(expected))
    test(name, () => {
      const line = seen.get(name) ?? "";
      for (const part of parts) expect(line).toMatch(part);
    });

  test("nothing that is not expected", () => {
    expect([...seen.keys()].sort()).toEqual(Object.keys(expected).sort());
  });
});
