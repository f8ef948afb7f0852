import { expect, test } from "vitest";
import { neededOf } from "../../src/passes/needed.js";
import { GraphWriter } from "../support/graphs.js";

test("a value that one node reads may go, others say who needs them", () => {
  const w = new GraphWriter([4, 3, 3]);
  const alone = w.conv("alone", w.input, 4);
  const shared = w.conv("shared", alone, 4);
  const kept = w.conv("kept", shared, 4);
  w.output(kept);
  w.output(w.conv("y", w.conv("z", shared, 4), 4));
  w.output(w.conv("after", kept, 4));
  const needed = neededOf(w.graph());
  expect(needed(alone, "pool")).toBeUndefined();
  expect(needed(shared, "pool")).toBe("the pool's own value has other readers");
  // That a run returns it counts, though one node alone reads it.
  expect(needed(kept, "sum")).toBe("a run returns the sum's own value");
});
