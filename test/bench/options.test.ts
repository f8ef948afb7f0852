import { spawnSync } from "node:child_process";
import { expect, onTestFinished, test, vi } from "vitest";
import { networks } from "../../bench/cases.js";
import { benchOptions, costsOptions } from "../../bench/options.js";
import { hostLevel, levelsHere } from "../../src/targets/cpu/level.js";

const script = (file: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", file, ...args], { encoding: "utf8" });

test("a benchmark takes lists and numbers, and has a default for each", () => {
  expect(benchOptions([])).toEqual({ only: networks, batch: [1, 8], runs: 30, save: false });
  const args = ["--only", "googlenet", "--batch", "1,32", "--runs", "50", "--save"];
  expect(benchOptions(args)).toEqual({
    only: ["googlenet"],
    batch: [1, 32],
    runs: 50,
    save: true,
  });
});

test("costs are stated for the best instruction set here, or another one that is here", () => {
  const { level, precision, examples } = costsOptions(["googlenet"]);
  expect({ level, precision, examples }).toEqual({
    ...{ level: hostLevel(), precision: "f32", examples: ["googlenet"] },
  });
  expect(costsOptions(["--precision", "bf16"]).level).toBe(hostLevel("bf16"));
  for (const each of levelsHere()) expect(costsOptions(["--cpu", each]).level).toBe(each);
});

test.each(["bench/run.ts", "bench/server/run.ts", "scripts/gpu-check.ts", "scripts/check.ts"])(
  "%s --help says what it takes and runs nothing",
  (file) => {
    const { status, stdout, stderr } = script(file, "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npm run [a-z:-]+ -- \[options\]\n/);
  },
);

test.each([
  [["--only", "gogglenet"], /--only <networks>.*gogglenet.*There is googlenet, /],
  [["--batch", "1,0"], /--batch <sizes>.*whole number of at least 1/],
  [["--runs", "no"], /--runs <n>.*whole number of at least 1/],
  [["--bacth", "1"], /unknown option '--bacth'/],
])("%j is told in a sentence", (args, message) => {
  expect(told(() => benchOptions(args))).toMatch(message);
});

test("costs are not asked of what this processor lacks, or has no use for", () => {
  expect(told(() => costsOptions(["--cpu", "avx1024"]))).toMatch(/--cpu <set>.*Allowed choices/);
  const tiles = levelsHere("bf16").includes("amx") ? /in f32 it is --cpu / : /Allowed choices/;
  expect(told(() => costsOptions(["--cpu", "amx"]))).toMatch(tiles);
});

/** What goes to stderr before the process ends. */
function told(parse: () => void): string {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  onTestFinished(() => [said, exit].forEach((spy) => spy.mockRestore()));
  expect(parse).toThrow("exit 1");
  return said.mock.calls.join("");
}

test("npm run op shows what an operator has, and lists them for a name that none has", () => {
  const known = script("scripts/op.ts", "silu", "--mode", "support");
  expect(known.stdout).toMatch(/^kernels on cpu +silu\.blocked, silu\.reference$/m);
  expect(known.stdout).toMatch(/^fuses into convolutions +yes$/m);
  const unknown = script("scripts/op.ts", "sillu");
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(/^There is no sillu; there are conv, .* silu, .*\.\n$/);
});
