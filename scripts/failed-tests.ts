/** Which tests of a run failed and why, in few lines: what the end of a long log should say. */
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { TestReport } from "./test-report.js";

/** How much of each message is said: what was expected, and where in the test. */
const LINES = 6;

/** A heading and, for each failed test or file, its name and how its message begins; or nothing. */
export function failedTests({ testResults }: TestReport): string {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const tests = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => ({
        name: `${file}: ${fullName}`,
        message: failureMessages?.join("\n") ?? "",
      }));
    if (tests.length > 0 || status !== "failed") return tests;
    return [{ name: file, message }];
  });
  if (failures.length === 0) return "";
  return [
    "What failed:",
    ...failures.flatMap((one) => [`✖ ${one.name}`, begins(one.message)]),
  ].join("\n");
}

const begins = (message: string): string =>
  stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.includes("node_modules"))
    .slice(0, LINES)
    .map((line) => `    ${line}`)
    .join("\n");
