/**
 * `npm run clang-check`: what g++ compiles in the tests, compiled by clang. Networks that together
 * call every kernel, fast and reference, against ONNX Runtime; and one network in the ordinary way, by
 * CMake, loaded and run. `CXX=clang++ npx vitest run test/native` holds each kernel against its reference.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool } from "../src/build/choose/toolchain.js";
import { buildGraph } from "../src/graph/build.js";
import { runPasses } from "../src/passes/run.js";
import { hostLevel } from "../src/targets/cpu/level.js";
import { cpuTarget } from "../src/targets/cpu/target.js";
import type { Call } from "../src/targets/program.js";
import { networkOf } from "../test/support/network.js";
import { randomNetwork } from "../test/support/networks.js";
import { runCommands, type CheckCommand, summary } from "./commands.js";

/** As many random networks as test/judges/networks.test.ts judges at every level. */
const judged = 50;
const target = cpuTarget({ level: hostLevel(), reference: false });

/** The kernels that a network calls; each algorithm is one, and another in groups than without. */
function kernelsOf(seed: number): readonly string[] {
  const { graph } = runPasses(buildGraph(networkOf(randomNetwork(seed))), target.traits);
  const { prepare, run } = target.compile(graph).program;
  const calls = [...prepare, ...run].flatMap((section) =>
    "instructions" in section ? section.instructions : [],
  );
  return calls.flatMap((call) => (call.kind === "call" ? [nameOf(call)] : []));
}

function nameOf({ function: name, templates }: Call): string {
  const [layer, algorithm] = templates;
  const groups = typeof layer === "object" && layer.fields.some((field) => field.name === "groups");
  const by = typeof algorithm === "string" ? ` by ${algorithm.split("<")[0]}` : "";
  return `${name}${by}${groups ? " in groups" : ""}`;
}

/** Of the judges' random networks those, from the first on, that bring a kernel of their own. */
function networks(): readonly number[] {
  const seen = new Set<string>();
  return Array.from({ length: judged }, (_, i) => i + 1).filter((seed) => {
    const before = seen.size;
    for (const kernel of kernelsOf(seed)) seen.add(kernel);
    return seen.size > before;
  });
}

const reportIn = (folder: string): string => join(folder, "report.json");

/** A name that no test has would choose none, and fail nothing. */
function ran(folder: string): number {
  const report = JSON.parse(readFileSync(reportIn(folder), "utf8")) as { numPassedTests: number };
  return report.numPassedTests;
}

function commands(
  compiler: string,
  seeds: readonly number[],
  folder: string,
): readonly CheckCommand[] {
  // A cache of its own, as a network that was built stays built.
  const env = { CXX: compiler, XDG_CACHE_HOME: folder };
  const small = join(folder, "small.incept");
  cpSync("scripts/stranger/small.incept", small);
  const chosen = ["-t", `^network (${seeds.join("|")})$`];
  const report = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportIn(folder)}`];
  const photo = "examples/photos/chelsea-face.jpg";
  const predict = ["predict", small, "--weights", "random:1", photo] as const;
  return [
    {
      name: "clang: every kernel, in networks",
      command: ["npx", "vitest", "run", "test/judges/networks.test.ts", ...chosen, ...report],
      env,
    },
    {
      name: "clang: a network by CMake",
      command: ["npx", "tsx", "src/cli/main.ts", ...predict],
      env,
    },
  ];
}

const clang = findTool(["clang++", ...[14, 15, 16, 17, 18, 19].map((n) => `clang++-${n}`)]);
if (clang === undefined) {
  process.stdout.write("clang++ is not installed: nothing was compiled by it.\n");
  // A check that ran nothing has passed nothing where it is relied on.
  process.exitCode = process.env.CI ? 1 : 0;
} else {
  const folder = mkdtempSync(join(tmpdir(), "incept-clang-"));
  try {
    const seeds = networks();
    const results = runCommands(commands(clang.path, seeds, folder));
    process.stdout.write(`\n${summary(results)}\n`);
    const whole = results.every(({ ok }) => ok) && ran(folder) === seeds.length;
    process.exitCode = whole ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
