import { expect, test } from "vitest";
import { runCases } from "./compile.js";

test("what is kept of a byte's accesses tells every conflict and invents none", async () => {
  const seen = await runCases("races.cpp");
  const right = "0 missed, 0 invented, of both kinds";
  expect(Object.fromEntries(seen)).toEqual({
    "with barriers of warps": right,
    "with atomics": right,
    "with barriers of warps, shared": right,
    "with atomics, shared": right,
  });
});
