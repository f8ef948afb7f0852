/** What is said of processes that do not what they should: small programs that speak the protocol. */
import { mkdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { benchBatch } from "../../src/bench/bench.js";
import { Contestant } from "../../src/bench/contestant.js";
import { timeLayers } from "../../src/bench/layers.js";
import { requireOnnxRuntime } from "../../src/bench/peer.js";
import { relativeL2 } from "../../src/bench/relative-l2.js";
import { temporaryFolder } from "../support/cli.js";

/** Answers each output with the same numbers, and notes what it was asked. */
const program = (numbers: readonly number[], more = ""): string => `
const { writeFileSync } = require("node:fs");
console.log(JSON.stringify({ engine: "x", version: "1" }));
require("node:readline").createInterface(process.stdin).on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked.ask === "answer") {
    for (const file of Object.values(asked.outputs)) {
      writeFileSync(file, new Uint8Array(Float32Array.from(${JSON.stringify(numbers)}).buffer));
    }
  }
  ${more}
  console.log(JSON.stringify(
    asked.ask === "time" ? { milliseconds: Array(asked.runs).fill(1) } : {}));
});`;

async function started(name: string, script: string): Promise<Contestant> {
  const contestant = await Contestant.start({
    name,
    program: process.execPath,
    args: ["-e", script.replaceAll("null", "NaN")],
  });
  onTestFinished(() => contestant.end());
  return contestant;
}

const subject = () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const inputs = [{ name: "image", shape: [2] }];
  return { inputs, outputs: ["prob"], tolerance: 1e-4, folder };
};

const dies = `if (asked.ask === "time") { console.error("a reason"); process.exit(3); }`;

test("answers that differ stop the bench before anything is timed", async () => {
  const ours = await started("inceptc", program([1, 2], dies));
  for (const theirs of [[1, 2.1], [1], [1, NaN]]) {
    const other = await started("other", program(theirs, dies));
    await expect(benchBatch(subject(), [ours, other], 1, { runs: 5 })).rejects.toThrow(
      /^prob of inceptc and of other differ by .*Nothing was timed\.$/,
    );
  }
});

test("answers that are the same are timed in turns, each of them at least so often", async () => {
  const both = [
    await started("inceptc", program([1, 2])),
    await started("other", program([1, 2.00001])),
  ];
  const { batch, engines } = await benchBatch(subject(), both, 4, { runs: 33 });
  expect(batch).toBe(4);
  expect(engines).toMatchObject([
    { engine: "inceptc", timing: { median: 1 } },
    { engine: "other", timing: { median: 1 } },
  ]);
  for (const { timing } of engines) expect(timing.runs).toBeGreaterThanOrEqual(33);
  expect(engines[1]!.difference).toBeCloseTo(4.5e-6, 6);
});

test("of a layer the median of its runs is shown", async () => {
  const laps = [
    [9, 1],
    [7, 3],
    [8, 2],
  ];
  const answer = `if (asked.ask === "laps") {
    console.log(JSON.stringify({ nanoseconds: ${JSON.stringify(laps)} }));
    return;
  }`;
  const shape = { outputs: [[4]], kernel: "k", tuning: "", macs: 0 };
  const layers = ["a", "b"].map((path) => ({ paths: [path], operator: "relu", ...shape }));
  const timed = await timeLayers(await started("inceptc", program([], answer)), layers, 3);
  expect(timed).toEqual([
    { ...layers[0], nanoseconds: 8 },
    { ...layers[1], nanoseconds: 2 },
  ]);
});

test("a process that ends is told with the last that it said", async () => {
  const ours = await started("inceptc", program([1, 2], dies));
  await expect(benchBatch(subject(), [ours], 1, { runs: 5 })).rejects.toMatchObject({
    code: "bench/failed",
    message: "The process of inceptc ended with code 3.",
    help: "the last that it said: a reason",
  });
});

test("a program that is not there, and one that says no, are told as such", async () => {
  const nowhere = { name: "other", program: "/nowhere/python", args: [] };
  await expect(Contestant.start(nowhere)).rejects.toThrow(
    /^The process of other could not be started: .*ENOENT/,
  );
  const error = { message: "no such operator" };
  const refusing = `console.log(${JSON.stringify(JSON.stringify({ error }))})`;
  await expect(started("other", refusing)).rejects.toMatchObject({
    code: "bench/failed",
    message: "other failed: no such operator",
  });
});

test("where ONNX Runtime is not installed the message says how to get it", () => {
  expect(() => requireOnnxRuntime([`${temporaryFolder()}/package.json`])).toThrow(
    expect.objectContaining({
      code: "bench/no-peer",
      message: "The package onnxruntime-node was not found.",
      help: "install it beside inceptc: npm install --save-dev onnxruntime-node",
    }),
  );
  expect(requireOnnxRuntime()).toMatch(/onnxruntime-node/);
});

test("a difference is relative to the expected numbers, and NaN is only like itself", () => {
  expect(relativeL2([3, 4.5], [3, 4])).toBeCloseTo(0.1);
  expect(relativeL2([0, 0], [0, 0])).toBe(0);
  expect(relativeL2([1, NaN], [1, NaN])).toBe(0);
  expect(relativeL2([1, 2], [1, NaN])).toBe(Infinity);
  expect(relativeL2([1], [1, 2])).toBe(Infinity);
});
