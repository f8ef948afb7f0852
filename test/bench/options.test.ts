import { spawnSync } from "node:child_process";
import { expect, onTestFinished, test, vi } from "vitest";
import { networks } from "../../bench/cases.js";
import { benchOptions } from "../../bench/options.js";

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
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  onTestFinished(() => [said, exit].forEach((spy) => spy.mockRestore()));
  expect(() => benchOptions(args)).toThrow("exit 1");
  expect(said.mock.calls.join("")).toMatch(message);
});

test("npm run op shows what an operator has, and lists them for a name that none has", () => {
  const known = script("scripts/op.ts", "silu", "--mode", "support");
  expect(known.stdout).toMatch(/^kernels on cpu +silu\.blocked, silu\.reference$/m);
  expect(known.stdout).toMatch(/^fuses into convolutions +yes$/m);
  const unknown = script("scripts/op.ts", "sillu");
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(/^There is no sillu; there are conv, .* silu, .*\.\n$/);
});
