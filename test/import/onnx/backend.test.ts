/** The ONNX project's cases of single nodes: each is read and computes what they say, or is listed. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { notRead } from "./backend-refused.js";
import { casesOf } from "./cases.js";
import { difference } from "./judged.js";

const cases = casesOf("backend");

/** Whose outputs were written down with four digits. */
const rounded = ["averagepool_2d_ceil_last_window_starts_on_pad"];

test.each(cases)("$name", async (given) => {
  const why = notRead[given.name];
  if (why !== undefined) {
    await expect(readOnnx(given.model)).rejects.toThrow(why);
    return;
  }
  const tolerance = rounded.includes(given.name) ? 1e-3 : 1e-5;
  expect(await difference(await readOnnx(given.model), given)).toBeLessThanOrEqual(tolerance);
});

test("no case is listed that is gone", () => {
  const names = new Set(cases.map(({ name }) => name));
  expect(Object.keys(notRead).filter((name) => !names.has(name))).toEqual([]);
});
