import { expect, test } from "vitest";
import { runCases } from "./compile.js";

/** Patterns that others than us have computed: numpy's float16 and the upper halves of floats. */
const known: Record<string, string> = {
  "f16 of 1": "3c00",
  "f16 of -2": "c000",
  "f16 of 0.100000001": "2e66",
  "f16 of -0": "8000",
  "f16 of 0.333333343": "3555",
  "f16 of 65504": "7bff",
  "f16 of 65519": "7bff",
  "f16 of 65520": "7c00",
  "f16 of 3.14159274": "4248",
  "f16 of 1.00000001e-07": "0002",
  "f16 of 5.96046448e-08": "0001",
  "f16 of 2.98023224e-08": "0000",
  "f16 of 2.98023259e-08": "0001",
  "f16 of 6.10351562e-05": "0400",
  "f16 of 3.38953139e+38": "7c00",
  "f16 of 3.39999995e+38": "7c00",
  "f16 of 9.9999461e-41": "0000",
  "f16 of inf": "7c00",
  "bf16 of 1": "3f80",
  "bf16 of -2": "c000",
  "bf16 of 0.100000001": "3dcd",
  "bf16 of -0": "8000",
  "bf16 of 0.333333343": "3eab",
  "bf16 of 65504": "4780",
  "bf16 of 65519": "4780",
  "bf16 of 65520": "4780",
  "bf16 of 3.14159274": "4049",
  "bf16 of 1.00000001e-07": "33d7",
  "bf16 of 5.96046448e-08": "3380",
  "bf16 of 2.98023224e-08": "3300",
  "bf16 of 2.98023259e-08": "3300",
  "bf16 of 6.10351562e-05": "3880",
  "bf16 of 3.38953139e+38": "7f7f",
  "bf16 of 3.39999995e+38": "7f80",
  "bf16 of 9.9999461e-41": "0001",
  "bf16 of inf": "7f80",
};

test("numbers of 16 bits are rounded as their formats say", async () => {
  const seen = await runCases("numbers.cpp");
  expect(Object.fromEntries(seen)).toEqual({
    "f16 patterns": "0 wrong",
    "f16 ties": "0 wrong",
    "bf16 patterns": "0 wrong",
    "bf16 ties": "0 wrong",
    ...known,
  });
});
