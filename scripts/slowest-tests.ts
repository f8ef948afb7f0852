/** Which tests, and files of tests, a run spent its time on. */
import { relative } from "node:path";
import type { TestReport } from "./test-report.js";

interface Timed {
  readonly name: string;
  readonly milliseconds: number;
}

/** The ten slowest tests, then the ten slowest files with what their tests share: a row each. */
export function slowestTests({ testResults }: TestReport): string {
  const files = testResults.map(({ name, startTime, endTime }) => ({
    name: relative(process.cwd(), name),
    milliseconds: endTime - startTime,
  }));
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, duration }) => ({
      name: `${relative(process.cwd(), name)}: ${fullName}`,
      milliseconds: duration ?? 0,
    })),
  );
  return [
    "The slowest tests:",
    ...rows(tests),
    "The slowest files, with what their tests share:",
    ...rows(files),
  ].join("\n");
}

const rows = (all: readonly Timed[]): readonly string[] =>
  all
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, 10)
    .map(({ name, milliseconds }) => `${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${name}`);
