import { expect, test } from "vitest";
import { runNative } from "./compile.js";
import { convolutions, pooledConvolutions, program } from "./kernel-cases.js";
import * as shapes from "./shapes.js";

/** Convolutions of every algorithm, watched by the compilers' sanitizers: 1, 2, 3 and 7 threads. */
const kinds = ["unstrided", "pointwise", "planar", "depthwise", "grouped", "merged"] as const;

const isWinograd = (name: string): boolean => name.includes(" Winograd");
const isPhased = (name: string): boolean => name.includes("PhasedWinograd");
const isAdding = (name: string): boolean => name.includes("adding");

for (const [index, sanitizers] of ["address,undefined", "thread"].entries())
  test(`convolutions under -fsanitize=${sanitizers}`, { timeout: 600_000 }, async () => {
    const next = shapes.random(2034 + index);
    const cases = kinds.flatMap((kind) => convolutions(next, "native", kind, 1));
    cases.push(...pooledConvolutions(next, "native", 3));
    const lacks = (...adds: readonly boolean[]): boolean =>
      adds.some((each) => !cases.some(({ name }) => isWinograd(name) && isAdding(name) === each));
    while (lacks(true, false)) cases.push(...convolutions(next, "native", "unstrided", 1));
    while (cases.filter(({ name }) => isPhased(name)).length < 6)
      cases.push(...convolutions(next, "native", "phased", 1));
    const flags = [`-fsanitize=${sanitizers}`, "-fno-sanitize-recover=all", "-g1", "-O1"];
    const lines = await runNative(program(cases), "native", flags);
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    const seen = cases.filter((one) => lines.some((line) => line.startsWith(`ok ${one.name}`)));
    expect(seen.length).toBe(cases.length);
  });
