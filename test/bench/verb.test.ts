/** `inceptc bench` as it is shipped, on a small network: what it says, never how long anything takes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
import { inceptc } from "../support/cli.js";

const spec = `model Tiny {
  input image: f32[3, 8, 8]
  stem: conv(3x3, 16, act: relu)
  mixed: concat { a: conv(1x1, 16, act: relu)  b: conv(3x3, 16) }
  output prob: globalavgpool -> linear(5) -> softmax
}
`;

// Builds stand beside it: all tests share them.
const folder = mkdtempSync(join(tmpdir(), "incept-test-"));
const file = join(folder, "tiny.incept");
writeFileSync(file, spec);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly model: string;
  readonly threads: number;
  /** FLOP/s. */
  readonly peak: number;
  readonly peakLevel: string;
  readonly batches: readonly {
    readonly batch: number;
    readonly engines: readonly {
      readonly engine: string;
      readonly timing: Readonly<Record<"runs" | "p10" | "median" | "p90" | "p99", number>>;
      readonly difference?: number;
    }[];
    readonly layers: readonly { readonly paths: string[]; readonly nanoseconds: number }[];
  }[];
  readonly memory: readonly { engine: string; version: string; before: number; peak: number }[];
}

const answered = (args: readonly string[]): Answer => {
  const { status, stdout, stderr } = inceptc(["bench", ...args, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Answer;
};

describe("inceptc bench", () => {
  it("times both engines on the same numbers, in processes of their own", () => {
    const args = [file, "--vs", "onnxruntime", "--batch", "1,3", "--threads", "2"];
    const { model, threads, batches, memory } = answered(args);
    expect({ model, threads }).toEqual({ model: "Tiny", threads: 2 });
    expect(batches.map(({ batch }) => batch)).toEqual([1, 3]);
    for (const { engines } of batches) {
      expect(engines.map(({ engine }) => engine)).toEqual(["inceptc", "onnxruntime"]);
      expect(engines[0]!.difference).toBeUndefined();
      expect(engines[1]!.difference).toBeLessThan(1e-5);
      for (const { timing } of engines) {
        const { runs, p10, median, p90, p99 } = timing;
        expect(runs).toBeGreaterThanOrEqual(30);
        expect([p10, median, p90, p99].toSorted((a, b) => a - b)).toEqual([p10, median, p90, p99]);
        expect(p10).toBeGreaterThan(0);
      }
    }
    for (const { before, peak } of memory) expect(peak).toBeGreaterThan(before);
    expect(memory.map(({ engine }) => engine)).toEqual(["inceptc", "onnxruntime"]);
  });

  it.each(["1", "3"])("has the layers of explain --kernels, on %s threads", (threads) => {
    const { batches } = answered([file, "--layers", "--batch", "1,4", "--threads", threads]);
    const { stdout } = inceptc(["explain", file, "--kernels", "--target", "cpu", "--json"]);
    const { rows } = JSON.parse(stdout) as { rows: { paths: string[] }[] };
    const names = (all: readonly { readonly paths: string[] }[]): string[] =>
      all.map(({ paths }) => paths.join("+")).toSorted();
    expect(batches).toHaveLength(2);
    for (const { layers } of batches) {
      expect(names(layers)).toEqual(names(rows));
      for (const { nanoseconds } of layers) expect(nanoseconds).toBeGreaterThan(0);
    }
  });

  // Those of SSE hold a half of AVX2's numbers, and it has no multiply-add.
  it.runIf(hostLevel() !== levelsOfArch().at(-1))(
    "measures the peak of the instruction set that a network is built for",
    () => {
      const best = answered([file, "--threads", "1"]);
      const least = answered([file, "--threads", "1", "--cpu", "baseline"]);
      expect([best, least].map(({ peakLevel }) => peakLevel)).toEqual([hostLevel(), "baseline"]);
      expect(best.peak / least.peak).toBeGreaterThan(2);
    },
  );

  it("says what the percentages are of where a build for all picks, or is told", () => {
    const lastOf = (env: NodeJS.ProcessEnv): string => {
      const args = ["bench", file, "--cpu", "all", "--runs", "5", "--threads", "1"];
      return inceptc(args, { env }).stdout.trim().split("\n").at(-1)!;
    };
    const of = (level: string): RegExp =>
      new RegExp(`^Tiny: 1 thread, peak \\d+ GFLOP/s of ${level}$`);
    const least = levelsOfArch().at(-1)!;
    expect(lastOf({ INCEPT_CPU: "" })).toMatch(of(hostLevel()));
    expect(lastOf({ INCEPT_CPU: least })).toMatch(of(least));
  });

  it("prints tables of 80 columns", () => {
    for (const more of [["--layers"], ["--batch", "2"]]) {
      const { status, stdout } = inceptc(["bench", file, "--runs", "5", ...more]);
      expect(status).toBe(0);
      const rows = stdout.split("\n");
      expect(rows.length).toBeGreaterThan(4);
      expect(rows.filter((row) => row.length > 80)).toEqual([]);
    }
  });

  it.each([
    [["--batch", "1,0"], /--batch <sizes>.*whole numbers of at least 1/],
    [["--vs", "tensorflow"], /--vs <engine>.*onnxruntime/],
    [["--layers", "--vs", "onnxruntime"], /--layers.*cannot be used with.*--vs/],
    [["--layers", "--target", "cuda-sim"], /args\/conflict.*CPU alone.*help: leave --layers out/s],
    [["--weights", "none.safetensors"], /file\/not-found/],
  ])("%j is refused in a sentence, before anything is built", (more, message) => {
    const { status, stdout, stderr } = inceptc(["bench", file, ...more]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/compiling/);
  });
});
