import { expect, test } from "vitest";
import { fuzz } from "./fuzz.js";

test("2,000 files with bytes exchanged are read, or refused by name", async () => {
  const { counts, failures } = await fuzz(2000, 1);
  expect(failures).toEqual([]);
  // Some are sound still, and some are not even messages.
  expect(counts.get("read")).toBeGreaterThan(50);
  expect(counts.get("weights/damaged")).toBeGreaterThan(50);
  expect(counts.get("onnx/refused")).toBeGreaterThan(50);
});
