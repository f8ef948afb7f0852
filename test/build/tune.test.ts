import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildArtefact } from "../../src/build/build.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { variantKey } from "../../src/build/project/key.js";
import { compiledOf } from "../../src/build/project/project.js";
import { readRecords, recordsPath, writeRecords } from "../../src/build/records/records-file.js";
import type { BuildRequest } from "../../src/build/request.js";
import { timesOf, type TuneEvent } from "../../src/build/tune/measure.js";
import { tunable, tune } from "../../src/build/tune/tune.js";
import { runNodes } from "../../src/graph/graph.js";
import { wayName } from "../../src/kernels/forced.js";
import { nodeKey } from "../../src/kernels/records.js";
import { hostLevel } from "../../src/targets/cpu/level.js";
import { temporaryFolder } from "../support/cli.js";
import { networkOf } from "../support/network.js";
import { ownFolders } from "./own-folders.js";

ownFolders();

const text = `model Net {
  input image: f32[3, 12, 12]
  stem: conv(3x3, 40, act: relu) -> maxpool(2x2)
  twice: conv(3x3, 40, pad: same, act: relu) -> conv(3x3, 40, pad: same, act: relu)
  output prob: globalavgpool -> linear(7) -> softmax
}`;

const requestIn = (folder: string, spec = text): BuildRequest => {
  const file = join(folder, "net.incept");
  writeFileSync(file, spec);
  return { spec: file, network: networkOf(spec), target: "cpu" };
};

const code = (name: string): unknown => expect.objectContaining({ code: name });

test("the distinct layers of a network are tuned, each by the ways that may win", () => {
  const { layers, bytes } = tunable(requestIn(temporaryFolder()), "avx512");
  expect(layers.map(({ key, count }) => [key, count])).toEqual([
    ["conv 3x3 40 pad 1 relu (3 x 12x12)", 1],
    ["conv 3x3 40 pad 1 relu (40 x 6x6)", 2],
  ]);
  for (const { chosen, ways } of layers) {
    const names = ways.map(({ kernel, tuning }) => `${kernel}:${tuning}`);
    expect(names).toContain(chosen);
    const least = Math.min(...ways.map(({ total }) => total));
    expect(Math.max(...ways.map(({ total }) => total))).toBeLessThanOrEqual(3 * least);
    expect(ways.every(({ reference }) => !reference)).toBe(true);
  }
  // An image that is in blocks is not brought out of them, nor the network's input into them.
  const direct = layers.map(({ ways }) => ways.filter(({ kernel }) => kernel === "conv.direct"));
  expect(direct[0]!.every(({ tuning }) => tuning.endsWith("planar"))).toBe(true);
  expect(direct[1]!.some(({ tuning }) => tuning.endsWith("planar"))).toBe(false);
  expect(bytes).toBeGreaterThan(4 * 9 * 40 * 40);
  const all = tunable(requestIn(temporaryFolder()), "avx512", 1).layers;
  expect(all.length).toBeGreaterThan(layers.length);
});

test("only what is computed by kernels of ours is tuned", async () => {
  const request = requestIn(temporaryFolder());
  await expect(tune({ ...request, target: "cuda-sim" })).rejects.toThrow(code("build/tune"));
  await expect(tune({ ...request, passes: false })).rejects.toThrow(code("build/tune"));
});

/** Where there is one way to compute a convolution there is nothing to measure. */
const hasChoice = tunable(
  { spec: "net.incept", network: networkOf(text), target: "cpu" },
  hostLevel(),
).layers.some(({ key }) => key.includes("(40 x 6x6)"));

test.runIf(hasChoice)("a network is measured, and the build goes by the times", async () => {
  const request = requestIn(temporaryFolder());
  const keyOf = (): string => variantKey(request, variantOf(request));
  const before = keyOf();
  const events: TuneEvent[] = [];
  const { file, threads, layers } = await tune(request, {
    ...{ threads: 3, rounds: 2, onProgress: (event: TuneEvent) => void events.push(event) },
  });
  expect([file, threads]).toEqual([recordsPath(request.spec, "f32"), 3]);
  expect(keyOf()).not.toBe(before);
  const compiled = events.filter(({ phase }) => phase === "compile");
  expect(compiled.map(({ done }) => done)).toEqual(compiled.map((_, i) => i));
  expect(compiled).toHaveLength(compiled[0]!.total);
  const rounds = events.filter(({ phase }) => phase === "measure");
  expect(rounds.map(({ done, total }) => [done, total])).toEqual([
    [1, 2],
    [2, 2],
  ]);
  const records = readRecords(request.spec, "f32")!;
  expect([records.threads, records.level]).toEqual([3, hostLevel()]);
  for (const { key, ways, microseconds } of layers) {
    expect(microseconds.size).toBe(ways.length);
    expect(records.microseconds.get(key)).toEqual(microseconds);
    for (const time of microseconds.values()) expect(time).toBeGreaterThan(0);
  }
  // The slowest of them is said to be the fastest: it is what gets built.
  const key = "conv 3x3 40 pad 1 relu (40 x 6x6)";
  const times = [...records.microseconds.get(key)!].filter(([way]) => /^conv\.direct:/.test(way));
  const [slowest] = times.reduce((a, b) => (b[1] > a[1] ? b : a));
  const swapped = new Map([...records.microseconds.get(key)!, [slowest, 0.001]]);
  const microseconds = new Map([...records.microseconds, [key, swapped]]);
  writeRecords(request.spec, { ...records, microseconds });
  const { directory } = await buildArtefact(request);
  const sources = [1, 2].map((i) => readFileSync(join(directory, `src/forward_${i}.cpp`), "utf8"));
  expect(sources.join("")).toContain(`Direct<${slowest.split(":")[1]!.replace("x", ", ")}>`);

  // What has its times is left alone, what is new is added to it.
  const again = { missing: true, rounds: 1 };
  expect((await tune(request, again)).layers).toEqual([]);
  const wider = text.replaceAll("40, pad", "48, pad");
  const added = (await tune(requestIn(join(request.spec, ".."), wider), again)).layers;
  expect(added.map((each) => each.key)).not.toContain(key);
  const kept = readRecords(request.spec, "f32")!;
  expect(kept.microseconds.size).toBe(records.microseconds.size + added.length);
  expect(kept.threads).toBe(3);
});

test.runIf(hasChoice)("a build in bf16 is measured and goes by times of its own", async () => {
  const spec = `model Net {
    input image: f32[3, 16, 16]
    output y: conv(3x3, 32, act: relu) -> conv(3x3, 64, act: relu)
  }`;
  const request = { ...requestIn(temporaryFolder(), spec), precision: "bf16" } as const;
  const keyOf = (each: BuildRequest): string => variantKey(each, variantOf(each));
  const before = keyOf(request);
  const { file, layers } = await tune(request, { threads: 1, rounds: 1 });
  expect(file).toBe(recordsPath(request.spec, "bf16"));
  const records = readRecords(request.spec, "bf16")!;
  expect([records.precision, records.level]).toEqual(["bf16", hostLevel("bf16")]);
  expect(readRecords(request.spec, "f32")).toBeUndefined();
  expect(layers.length).toBeGreaterThan(0);
  const key = "conv 3x3 64 pad 1 relu (32 x 16x16)";
  const ways = [...records.microseconds.get(key)!.keys()];
  // Tiles multiply where there are any.
  expect(ways.some((way) => way.startsWith("conv.amx"))).toBe(records.level === "amx");
  expect(keyOf(request)).not.toBe(before);
  // Of all ways the one that is said to take least, though it is not thought to.
  const { chosen } = layers.find((layer) => layer.key === key)!;
  const wanted = ways.find((way) => way !== chosen)!;
  const times = new Map([...records.microseconds.get(key)!, [wanted, 0.001]]);
  const microseconds = new Map([...records.microseconds, [key, times]]);
  writeRecords(request.spec, { ...records, microseconds });
  const variant = variantOf(request);
  const { plan, choice } = compiledOf(request.network, variant, variant.levels[0]);
  const taken = runNodes(plan.graph)
    .filter((node) => nodeKey(node) === key)
    .map(choice);
  expect(taken.map(({ kernel, tuning }) => wayName(kernel, tuning))).toEqual([wanted]);
});

/** A program that prints so much and ends so. */
function program(script: string): string {
  const file = join(temporaryFolder(), "network");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("what measures is believed if it ends well and has timed all", async () => {
  const timing = { threads: 0, rounds: 1, bytes: 0 };
  const ran = (script: string): Promise<unknown> => timesOf(program(script), 2, timing, () => {});
  const times = 'echo "threads 2"; echo "round 1"; echo "time 1 20"; echo "time 0 10"';
  expect(await ran(times)).toEqual({ threads: 2, nanoseconds: [10, 20] });
  await expect(ran(`${times}; exit 3`)).rejects.toThrow(code("bug/native-code"));
  await expect(ran(times.replace("time 0 10", ""))).rejects.toThrow(code("bug/native-code"));
  await expect(ran("kill -SEGV $$")).rejects.toThrow(/signal SIGSEGV/);
  await expect(ran('echo "threads/exhausted: none is left" >&2; exit 1')).rejects.toThrow(
    expect.objectContaining({
      code: "threads/exhausted",
      message: "Nothing was measured: none is left.",
    }),
  );
});
