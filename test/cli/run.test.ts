import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readSafetensors } from "../support/tensors.js";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../src/checkpoints/safetensors/write.js";
import { inceptc } from "../support/cli.js";

/** y = 2 x + 1 a channel, then the mean of each channel: all of it can be told by hand. */
const spec = `
model Tiny(n = 3) {
  input x: f32[3, 2, 2]
  double: conv(1x1, n)
  output mean: globalavgpool
  output whole: from double -> relu
}
`;

let folder: string;
const file = (...names: string[]): string => join(folder, ...names);
const floats = ({ bytes }: Pick<StoredTensor, "bytes">): number[] => [
  ...new Float32Array(bytes.slice().buffer),
];

async function write(name: string, tensors: Record<string, StoredTensor>): Promise<string> {
  await writeSafetensors(file(name), new Map(Object.entries(tensors)));
  return file(name);
}

const tensor = (shape: readonly number[], values: readonly number[]): StoredTensor =>
  float32Tensor(shape, Float32Array.from(values));

const image = Array.from({ length: 12 }, (_, i) => i - 5);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "incept-run-"));
  writeFileSync(file("tiny.incept"), spec);
  await write("weights.safetensors", {
    "double.weight": tensor([3, 3, 1, 1], [2, 0, 0, 0, 2, 0, 0, 0, 2]),
    "double.bias": tensor([3], [1, 1, 1]),
  });
  await write("in.safetensors", { x: tensor([1, 3, 2, 2], image) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...more: string[]): ReturnType<typeof inceptc> =>
  inceptc([
    "run",
    file("tiny.incept"),
    ...["--weights", file("weights.safetensors")],
    ...["--inputs", file("in.safetensors")],
    ...["--outputs", file("out.safetensors")],
    ...more,
  ]);

describe("run", () => {
  test("builds, runs, and writes the outputs under the spec's names", async () => {
    const { status, stdout, stderr } = run();
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("mean   1 x 3 x 1 x 1");
    const out = await readSafetensors(file("out.safetensors"));
    const doubled = image.map((v) => 2 * v + 1);
    expect([...out.keys()]).toEqual(["mean", "whole"]);
    expect(floats(out.get("whole")!)).toEqual(doubled.map((v) => Math.max(0, v)));
    const means = [0, 4, 8].map((at) => doubled.slice(at, at + 4).reduce((a, b) => a + b) / 4);
    expect(floats(out.get("mean")!)).toEqual(means);
  });

  test("bytes are taken as they are; a batch beyond --max-batch is split", async () => {
    const bytes = Uint8Array.from({ length: 36 }, (_, i) => i);
    const input = await write("u8.safetensors", { x: { dtype: "U8", shape: [3, 3, 2, 2], bytes } });
    const { status, stderr } = run("--inputs", input, "--max-batch", "2");
    expect(status, stderr).toBe(0);
    const out = await readSafetensors(file("out.safetensors"));
    expect(out.get("whole")!.shape).toEqual([3, 3, 2, 2]);
    expect(floats(out.get("whole")!)).toEqual([...bytes].map((v) => 2 * v + 1));
  });

  test("doubles are rounded; what is not finite is computed with, and warned of", async () => {
    const doubles = Float64Array.from(image, (v) => (v === 0 ? NaN : v === 1 ? 1e300 : v));
    const bytes = new Uint8Array(doubles.buffer);
    const input = await write("f64.safetensors", {
      x: { dtype: "F64", shape: [1, 3, 2, 2], bytes },
    });
    const { status, stderr } = run("--inputs", input);
    expect(status, stderr).toBe(0);
    expect(stderr).toBe(`warning: ${input}: x holds 2 values that are not finite.\n`);
    const out = await readSafetensors(file("out.safetensors"));
    expect(floats(out.get("whole")!)[11]).toBe(2 * image[11]! + 1);
  });

  test("weights that give no results, and renames of no use, are warned of once", async () => {
    const weights = await write("nan.safetensors", {
      "double.weight": tensor([3, 3, 1, 1], [2, 0, 0, 0, 2, 0, 0, 0, NaN]),
      "double.bias": tensor([3], [1, Infinity, 1]),
    });
    writeFileSync(file("typo.json"), '{"doubel": "double", "double": "double"}');
    const { status, stderr } = run("--weights", weights, "--rename", file("typo.json"));
    expect(status, stderr).toBe(0);
    expect(stderr).toBe(
      `warning: Tiny: ${weights} holds values that give no results: double.weight (1 NaN), ` +
        `double.bias (1 infinite); ${weights} has nothing to rename by "doubel".\n`,
    );
  });

  test("--tap adds a step's value, --no-passes agrees", async () => {
    const { status, stderr } = run("--tap", "double", "--no-passes");
    expect(status, stderr).toBe(0);
    const out = await readSafetensors(file("out.safetensors"));
    expect([...out.keys()]).toEqual(["mean", "whole", "double"]);
    expect(floats(out.get("double")!)).toEqual(image.map((v) => 2 * v + 1));
  });

  test("--rename maps a checkpoint's names", async () => {
    const weights = await write("other.safetensors", {
      "features.0.weight": tensor([3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      "features.0.bias": tensor([3], [0, 0, 0]),
    });
    writeFileSync(file("map.json"), JSON.stringify({ "features.0": "double" }));
    const { status, stderr } = run("--weights", weights, "--rename", file("map.json"));
    expect(status, stderr).toBe(0);
    const out = await readSafetensors(file("out.safetensors"));
    expect(floats(out.get("whole")!)).toEqual(image.map((v) => Math.max(0, v)));
  });

  test.each([
    ["inputs/unknown", { xx: tensor([1, 3, 2, 2], image) }, "the network's input is x."],
    ["inputs/shape", { x: tensor([3, 2, 2], image) }, "leading batch"],
    [
      "inputs/shape",
      { x: tensor([1, 3, 3, 2], [...image, ...image.slice(0, 6)]) },
      "expected [N, 3, 2, 2]",
    ],
    ["inputs/missing", {}, "has no tensor x"],
    [
      "inputs/dtype",
      { x: { dtype: "I8", shape: [1, 3, 2, 2], bytes: new Uint8Array(12) } },
      "x is I8, expected F32, F16, BF16, F64 or U8",
    ],
    ["inputs/unknown", { "x\x1b[2J\n": tensor([1], [0]) }, "no input x\\x1b[2J\\n;"],
  ] as const)("%s for wrong inputs", async (code, tensors, text) => {
    rmSync(file("out.safetensors"), { force: true });
    const inputs = await write("wrong.safetensors", tensors);
    const { status, stderr } = run("--inputs", inputs);
    expect(status).toBe(2);
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).toContain(text);
    expect(existsSync(file("out.safetensors"))).toBe(false);
  });

  test("a network of several inputs takes a tensor for each, of one batch", async () => {
    writeFileSync(
      file("two.incept"),
      "model Two { input x: f32[2] input y: f32[2] output sum: add { x: identity  y: from y -> scale(2) } }",
    );
    const runTwo = async (
      tensors: Record<string, StoredTensor>,
    ): Promise<ReturnType<typeof inceptc>> =>
      inceptc([
        ...["run", file("two.incept"), "--inputs", await write("two.safetensors", tensors)],
        ...["--outputs", file("sum.safetensors")],
      ]);
    const [x, y] = [tensor([2, 2], [1, 2, 3, 4]), tensor([2, 2], [10, 20, 30, 40])];
    const { status, stderr } = await runTwo({ x, y });
    expect(status, stderr).toBe(0);
    const out = await readSafetensors(file("sum.safetensors"));
    expect(floats(out.get("sum")!)).toEqual([21, 42, 63, 84]);

    rmSync(file("sum.safetensors"));
    for (const [tensors, told] of [
      [{ x }, "two.safetensors has no tensor y"],
      [{ x, y, z: x }, "there is no input z; the network's inputs are x, y."],
      [{ x, y: tensor([1, 2], [1, 2]) }, "two.safetensors holds 2 of x and 1 of y."],
    ] as const) {
      expect((await runTwo(tensors)).stderr).toContain(told);
    }
    expect(existsSync(file("sum.safetensors"))).toBe(false);
    const predicted = inceptc(["predict", file("two.incept"), file("tiny.incept")]);
    expect(predicted.stderr).toContain(
      "Two.classify: the network has 2 inputs, and pictures are for a network of one.",
    );
  });

  test("an outputs file that cannot be written is a named error and leaves nothing", () => {
    const { status, stderr } = run("--outputs", join(folder, "no-such-folder", "out.safetensors"));
    expect(status).toBe(2);
    expect(stderr).toContain("[file/cannot-write]");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("without --weights it says so, unless the network has no parameters", async () => {
    const inputs = ["--inputs", file("in.safetensors"), "--outputs", file("out.safetensors")];
    const without = inceptc(["run", file("tiny.incept"), ...inputs]);
    expect(without.status).toBe(2);
    expect(without.stderr).toContain("--weights random:1");
    writeFileSync(file("bare.incept"), "model M { input x: f32[3, 2, 2] output y: relu }");
    const bare = inceptc(["run", file("bare.incept"), ...inputs]);
    expect(bare.status, bare.stderr).toBe(0);
    const out = await readSafetensors(file("out.safetensors"));
    expect(floats(out.get("y")!)).toEqual(image.map((v) => Math.max(0, v)));
  });

  test("an unknown tap is a wrong call, not a bug", () => {
    const { status, stderr } = run("--tap", "duoble");
    expect(status).toBe(2);
    expect(stderr).toContain("Did you mean double?");
  });
});

describe("build", () => {
  test("the second time it is up to date", () => {
    expect(inceptc(["build", file("tiny.incept")]).status).toBe(0);
    const { stdout } = inceptc(["build", file("tiny.incept")]);
    expect(stdout).toMatch(/^✔ Tiny {2}cpu \S+ {2}1 conv in 1 kernel .* up to date\n$/);
    expect(existsSync(file("tiny.d.incept.ts"))).toBe(true);
  });

  test("-o makes a package, says how to use it, and compiles nothing to overwrite another", () => {
    const { status, stdout } = inceptc(["build", "tiny.incept", "-o", "a module"], { cwd: folder });
    expect(status).toBe(0);
    expect(readdirSync(file("a module")).sort()).toEqual([
      ".inceptc.json",
      "index.d.ts",
      "index.js",
      "manifest.json",
      "package.json",
      "tiny.node",
    ]);
    expect(stdout.split("\n").at(-2)).toBe(
      `  import net from "./a module/index.js", or npm install './a module'`,
    );
    writeFileSync(file("a module", "package.json"), "{}");
    const args = ["build", "tiny.incept", "-o", "a module", "--max-batch", "5"];
    const refused = inceptc(args, { cwd: folder });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("InceptError [emit/changed]: ");
    expect(refused.stderr).toContain("package.json was changed since inceptc wrote it.");
    expect(refused.stderr).not.toContain("compiling");
    expect(readFileSync(file("a module", "package.json"), "utf8")).toBe("{}");
  });

  test("--watch tells an error, and goes on with the next change", async () => {
    const watched = file("watched.incept");
    writeFileSync(watched, spec.replace("relu", "rleu"));
    const child = spawn(process.execPath, ["dist/cli.js", "build", "--watch", watched]);
    let seen = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    }
    await vi.waitUntil(() => seen.includes("did you mean relu"), 60_000);
    await vi.waitUntil(() => seen.includes("watching"), 60_000);
    writeFileSync(watched, spec);
    await vi.waitUntil(() => seen.includes("✔ Tiny"), 300_000);
    child.kill();
  });

  test("--emit-only needs a folder", () => {
    const { status, stderr } = inceptc(["build", file("tiny.incept"), "--emit-only"]);
    expect(status).toBe(2);
    expect(stderr).toContain("add -o DIR");
  });

  test("cache lists the builds and clears them", () => {
    const listed = JSON.parse(inceptc(["cache", folder, "--json"]).stdout) as {
      entries: { model: string; directory: string }[];
    };
    const ours = listed.entries.filter(({ directory }) => directory.startsWith(folder));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.map(({ model }) => model)).toContain("Tiny");
  });
});
