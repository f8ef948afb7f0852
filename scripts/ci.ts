/**
 * What `.ci/run` runs after `npm ci`: the README's test command, the checks, the main job as a
 * user starts it, and the package as a stranger installs it. The counts of the last line are the
 * test runner's own.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { findTool } from "../src/build/choose/toolchain.js";
import { arm, withoutArm } from "../test/support/arm.js";
import { ncnnHere } from "../test/support/ncnn.js";
import { failedTests } from "./failed-tests.js";
import { slowestTests } from "./slowest-tests.js";
import { skippedTests, type TestReport } from "./test-report.js";
import { runCommands, runLanes, summary, type CheckCommand } from "./commands.js";

const reportFile = "build/test-report.json";
rmSync(reportFile, { force: true });

const clang = findTool(["clang++"]) !== undefined;
const tests: CheckCommand = {
  name: "npm test",
  command: [
    ...(["npm", "test", "--"] as const),
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`],
  ],
};
/** Both of these write dist/, and the compilers want a core for themselves. */
const asUsersDo: CheckCommand[] = [
  { name: "npm run demo", command: ["npm", "run", "demo"] },
  { name: "npm run demo:review", command: ["npm", "run", "demo:review"] },
  ...(clang
    ? [
        {
          name: "npm run clang-check",
          command: ["npm", "run", "clang-check"],
        } satisfies CheckCommand,
      ]
    : []),
  { name: "npm run pack-check", command: ["npm", "run", "pack-check"] },
];
const statics: CheckCommand = {
  name: "static checks",
  command: ["npx", "tsx", "scripts/check.ts", "--static"],
};

const results = [...runCommands([tests]), ...(await runLanes([[statics], asUsersDo]))];
process.stdout.write(`\n${summary(results)}\n`);
if (!clang) process.stdout.write("✖ npm run clang-check was left out: there is no clang++\n");
if (arm === undefined) process.stdout.write(`✖ NEON was left out: ${withoutArm}\n`);
if (ncnnHere() === undefined)
  process.stdout.write("✖ what runs beside ncnn was left out: it is not here\n");

const report = existsSync(reportFile)
  ? (JSON.parse(readFileSync(reportFile, "utf8")) as TestReport)
  : undefined;

if (report !== undefined) process.stdout.write(`\n${slowestTests(report)}\n`);

let ok = results.every((result) => result.ok);
const dataPresent = existsSync(process.env.INCEPT_DATA ?? "../shared/data");
/** Whether a test needs nothing that a machine may lack. */
const expected = (name: string): boolean =>
  (arm !== undefined || !/armv8-a|on NEON/.test(name)) &&
  (ncnnHere() !== undefined || !name.startsWith("beside ncnn"));
const skipped = report === undefined ? [] : skippedTests(report).filter(expected);
if (dataPresent && skipped.length > 0) {
  process.stdout.write(`${skipped.length} tests were skipped although the data is here.\n`);
  ok = false;
}
if (report === undefined) process.stdout.write("The test runner left no report.\n");
const passed = report?.numPassedTests ?? 0;
const failedSteps = results.filter((result) => !result.ok).length;
const failed = Math.max(report?.numFailedTests ?? 1, report?.numFailedTestSuites ?? 1);
if (report !== undefined) process.stdout.write(`${failedTests(report)}\n`);
process.stdout.write(`${passed} passed, ${failed > 0 ? failed : failedSteps} failed\n`);
process.exitCode = ok && report !== undefined && passed > 0 ? 0 : 1;
