import { expect, test } from "vitest";
import { runNative } from "./compile.js";
import { convolutions, program } from "./kernel-cases.js";
import * as shapes from "./shapes.js";

/** Convolutions of every algorithm, watched by the compilers' sanitizers: 1, 2, 3 and 7 threads. */
const kinds = ["unstrided", "pointwise", "planar", "depthwise", "grouped", "merged"] as const;

for (const [index, sanitizers] of ["address,undefined", "thread"].entries())
  test(`convolutions under -fsanitize=${sanitizers}`, { timeout: 600_000 }, async () => {
    const next = shapes.random(2034 + index);
    const cases = kinds.flatMap((kind) =>
      convolutions(next, "native", kind, kind === "unstrided" ? 4 : 1),
    );
    const winograd = cases.filter(({ name }) => name.includes("Winograd"));
    expect(winograd.some(({ name }) => name.includes("adding"))).toBe(true);
    expect(winograd.some(({ name }) => !name.includes("adding"))).toBe(true);
    const flags = [`-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all", "-g1", "-O1"];
    const lines = await runNative(program(cases), "native", flags);
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    const seen = cases.filter((one) => lines.some((line) => line.startsWith(`ok ${one.name}`)));
    expect(seen.length).toBe(cases.length);
  });
