import { describe, expect, test } from "vitest";
import { marches, runNative, unrunnable } from "./compile.js";
import { families, program } from "./kernel-cases.js";
import * as shapes from "./shapes.js";

/**
 * Every fast kernel against its reference on random odd shapes, at 1, 2, 3 and 7 threads and with
 * NaN and infinities in the input. Shapes are compile-time, so each instruction set gets one
 * generated program a family.
 */
describe("fast kernels agree with the reference", () => {
  for (const [family, generate] of Object.entries(families))
    for (const [index, march] of marches.entries())
      test(`${family}, -march=${march}`, { timeout: 600_000 }, async ({ skip }) => {
        const why = await unrunnable(march);
        skip(why !== undefined, why);
        const cases = generate(shapes.random(1000 + index), march);
        const lines = await runNative(program(cases), march);
        expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
        const seen = cases.filter((one) => lines.some((line) => line.startsWith(`ok ${one.name}`)));
        expect(seen.length).toBe(cases.length);
      });
});
