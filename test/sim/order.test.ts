import { beforeAll, describe, expect, test } from "vitest";
import { runCases } from "./compile.js";

const expected: Record<string, readonly (string | RegExp)[]> = {
  "recorded at once": ["in order"],
  "recorded to replay": ["nothing ran"],
  replayed: [/^30 orders$/],
  "replayed once more": ["the same"],
  "an eager recorder replayed": ["sim/recording"],
  "an unfinished recorder replayed": ["sim/recording"],

  values: [/^0 wrong$/],
  // Before tasks 1, 2 and 3 in either order, 4 and 5: 2 reads floats 2 to 5, 3 reads 1 and 2.
  "parts of values": [
    "aaaaaaaa daaaaadd daaddddd dddddddd ddddddda " +
      "or aaaaaaaa daaaaadd ddaaaadd dddddddd ddddddda",
  ],
  "more copied in than there is": ["sim/out-of-bounds: copy_in, task 0: reads 8 floats of 7"],
  "more copied out than there is": ["sim/out-of-bounds: Task 0: a view of 36 bytes"],
  "copies left out": [/^5$/],
  "more uploaded than there is": ["sim/out-of-bounds", "36 bytes to a memory of 32"],

  overlaps: ["0 wrong, of both kinds"],

  "memory runs out": ["memory/exhausted: 0.0 GiB of 0.0 GiB are free"],
  "memory comes back": ["passes"],
  "what is free": ["2.0 GiB of 2.0 GiB are free"],
  "a replay loses the device": ["cuda/lost: The GPU is lost: it was lost at task 3"],
  "a walk loses the device": ["cuda/lost: The GPU is lost: it was lost at task 3"],
  afterwards: ["passes"],
  "no device": ["cuda/no-gpu"],
  "an old driver": ["cuda/old-driver"],
  "an unknown fault": ["1"],
};

describe("tasks on the simulator", () => {
  let seen: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    seen = await runCases("order.cpp");
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
