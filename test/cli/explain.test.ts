import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

const googlenet = "examples/googlenet/googlenet.incept";

interface Report {
  rows: { paths: string[]; parameters: number; macs: number; outputs: number[][] }[];
  totals: { parameters: number; macs: number; convolutions: number; launches: number };
}

const report = (...args: string[]): Report =>
  JSON.parse(inceptc(["explain", "--json", ...args]).stdout) as Report;

test("the rows of GoogLeNet sum to the published totals", () => {
  const { rows, totals } = report(googlenet);
  const sum = (key: "parameters" | "macs"): number => rows.reduce((n, row) => n + row[key], 0);
  expect(sum("parameters")).toBe(6_998_552);
  expect(totals.parameters).toBe(6_998_552);
  expect(totals.macs).toBe(sum("macs"));
  expect(totals.macs / 1e9).toBeCloseTo(1.58, 2);
  expect(totals.convolutions).toBe(57);
  expect(report(googlenet, "--aux").totals.parameters).toBe(13_378_280);
});

test("--kernels: 57 convolutions in 39 launches", () => {
  expect(report(googlenet, "--kernels").totals.convolutions).toBe(39);
});

test("counts are said in build's words, one of a thing in the singular", () => {
  const last = (...args: string[]): string =>
    inceptc(["explain", ...args])
      .stdout.trimEnd()
      .split("\n")
      .at(-1) ?? "";
  expect(last(googlenet)).toMatch(/multiply-adds an image, 57 convs, 142 steps$/);
  // How many pools convolutions take in hangs on the processor.
  expect(last(googlenet, "--kernels", "--without", "fuse-pool")).toMatch(
    /, 57 convs in 39 kernels, 57 launches$/,
  );
  expect(last(googlenet, "--kernels", "--target", "cuda-sim")).toBe(
    "GoogLeNet: 57 convs in 39 kernels, 59 tasks, 0 copies",
  );
  const file = join(temporaryFolder(), "net.incept");
  const input = "input image: f32[1, 2, 2]";
  writeFileSync(file, `model One {\n  ${input}\n  output y: conv(1x1, 1, bias: false)\n}\n`);
  expect(last(file)).toBe("One: 1 parameter, 4 multiply-adds an image, 1 conv, 1 step");
  expect(last(file, "--kernels")).toMatch(/ 1 conv in 1 kernel, 1 launch$/);
});

test("--kernels --target cuda: tasks with their places, what they wait for, and copies", () => {
  interface Tasks {
    tasks: { name: string; calls: string[]; reads: string[]; writes: string[]; after: string[] }[];
    totals: { tasks: number; convolutions: number; copies: number };
  }
  const args = [
    "explain",
    "--json",
    "--kernels",
    "--target",
    "cuda",
    "--precision",
    "f16",
    "--no-algebra",
  ];
  const tasks = (spec: string): Tasks => JSON.parse(inceptc([...args, spec]).stdout) as Tasks;
  const whole = tasks(googlenet);
  expect(whole.totals).toEqual({ tasks: 59, convolutions: 39, copies: 0 });
  expect(whole.tasks.find(({ name }) => name === "inception_3a.b3.1")).toMatchObject({
    calls: ["conv"],
    reads: ["96 of 368 x 28x28"],
    writes: ["128 of 368 x 28x28"],
    after: ["inception_3a:siblings"],
  });
  const simple = tasks("examples/simple-inception/simple-inception.incept");
  expect(simple.totals.copies).toBe(1);
  expect(simple.tasks.find(({ calls }) => calls.includes("linear"))?.calls).toEqual([
    "copy",
    "linear",
  ]);
});

test("one more channel changes exactly the rows that read or make it", () => {
  const file = join(temporaryFolder(), "net.incept");
  const before = report(googlenet);
  const text = readFileSync(googlenet, "utf8");
  // inception_5a's 3x3 reduction: its own row, and the 3x3 that reads it.
  const changed = text.replace(
    "inception_5a: Inception( 256,        160,",
    "inception_5a: Inception( 256,        161,",
  );
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  const after = report(file);
  const different = before.rows.filter(
    (row, i) => JSON.stringify(row) !== JSON.stringify(after.rows[i]),
  );
  const paths = different.map((row) => row.paths[0]);
  expect(new Set(paths)).toEqual(new Set(["inception_5a.b3.0", "inception_5a.b3.1"]));
});

test("a reader that stops early is no error", () => {
  const command = `"${process.execPath}" dist/cli.js explain ${googlenet} --graph | head -1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect(stdout).toMatch(/^GoogLeNet \(image/);
  expect(stderr).toBe("");
});

test.runIf(process.platform === "linux")("a full disk under stdout is said in a sentence", () => {
  const command = `"${process.execPath}" dist/cli.js explain ${googlenet} > /dev/full`;
  const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect(stderr).toBe("InceptError [file/cannot-write]: stdout could not be written (ENOSPC).\n");
  expect(status).toBe(2);
});

test("--passes tells in 80 columns what each pass did; with --graph, the graph after each", () => {
  const passes = inceptc(["explain", googlenet, "--passes"]).stdout;
  expect(passes).toContain(
    "── fuse-activation\n  ✔ relu fused into the convolution (57 times):\n      conv_1.0, conv_2.0,",
  );
  expect(passes).toContain("── drop-identity\n  ✔ dropout left out:\n      prob.1\n");
  expect(passes).toContain("── drop-unused\n  nothing to do\n");
  expect(Math.max(...passes.split("\n").map((row) => row.length))).toBeLessThanOrEqual(80);
  const graphs = inceptc(["explain", googlenet, "--passes", "--graph"]).stdout;
  const heads = graphs.split("\n").filter((row) => row.startsWith("GoogLeNet (image :"));
  expect(heads).toHaveLength(graphs.split("\n").filter((row) => row.startsWith("── ")).length);
});

test("--memory says which operands a concat copies, and why", () => {
  const file = join(temporaryFolder(), "net.incept");
  const branches = "a: conv(1x1, 20)  b: conv(3x3, 16)  c: maxpool(3x3/1, pad: same)  d: identity";
  writeFileSync(
    file,
    `model M {
  input image: f32[3, 8, 8]
  j: concat { ${branches} }
  output y: globalavgpool -> linear(2)
}
`,
  );
  const args = ["explain", file, "--memory", "--target", "cpu", "--no-algebra"];
  const { stdout } = inceptc(args);
  expect(stdout).toContain(`
Copied by a concat, since it cannot be written there at once:
  image:blocked16 into j: no slice that convert writes can start at channel 39
`);
  expect(stdout).toContain("j + j.a + j.b + j.c\n");
  const json = inceptc([...args, "--json"]).stdout;
  expect(JSON.parse(json)).toMatchObject({
    copies: [
      {
        operand: "image:blocked16",
        into: "j",
        why: "no slice that convert writes can start at channel 39",
      },
    ],
  });
  expect(inceptc(["explain", googlenet, "--memory", "--target", "cpu"]).stdout).not.toContain(
    "Copied",
  );
});

test("--without leaves passes out, by their names", () => {
  const without = ["fuse-pool", "merge-siblings", "drop-identity"];
  const args = ["explain", googlenet, ...without.flatMap((pass) => ["--without", pass])];
  const { stdout } = inceptc([...args, "--passes"]);
  expect(stdout).toContain("── fuse-activation");
  expect(stdout).not.toMatch(/── (fuse-pool|merge-siblings|drop-identity)/);
  expect(inceptc([...args, "--kernels"]).stdout).toMatch(
    /, 57 convs in 57 kernels, 76 launches\n$/,
  );
  const misspelt = inceptc(["explain", googlenet, "--without", "merge-sibling"]);
  expect(misspelt.status).toBe(2);
  expect(misspelt.stderr).toContain(
    "InceptError [build/pass]: There is no pass merge-sibling.\n  help: did you mean merge-siblings?",
  );
});

test.each(["--graph", "--passes", "--memory", "--kernels"])("%s prints text and JSON", (view) => {
  const text = inceptc(["explain", googlenet, view]);
  expect(text.status).toBe(0);
  expect(text.stdout).toContain("inception_4e");
  expect(
    () => JSON.parse(inceptc(["explain", googlenet, view, "--json"]).stdout) as unknown,
  ).not.toThrow();
});

describe("--train", () => {
  const spec = `model T {
  input image: f32[3, 8, 8]
  a: conv(3x3, 16, pad: same, norm: batchnorm, act: relu) -> maxpool(2x2)
  b: concat { l: conv(1x1, 16, act: relu)  r: conv(3x3, 16, pad: same) -> silu }
  output prob: globalavgpool -> dropout(0.5) -> linear(4) -> softmax
  train { batch: 16 }
}
`;
  const written = (text: string): string => {
    const file = join(temporaryFolder(), "net.incept");
    writeFileSync(file, text);
    return file;
  };

  test("says what is kept for derivatives, computed again or written over, and what it costs", () => {
    const args = ["explain", written(spec), "--train"];
    const { stdout } = inceptc(args);
    expect(stdout).toMatch(/^a\.0:conv +16 x 8x8 +4,096 {2}a\.0$/m);
    expect(stdout).toMatch(/^b\.l \(part of another\) +16 x 4x4 {3,}b\.l$/m);
    expect(stdout).toMatch(/^b\.r\.0 +16 x 4x4 +1,024 {2}b\.r/m);
    expect(stdout).toMatch(/^T: \d+ values kept for derivatives, [\d.]+ KiB an image;$/m);
    expect(stdout).toMatch(/^\d+ results written over an operand\.$/m);
    expect(stdout).toMatch(/^Of a batch of 16 all values take [\d.]+ KiB: /m);
    interface Json {
      saved: { fate: string; bytes: number; of: string }[];
      imageBytes: number;
      batch: number;
    }
    const json = JSON.parse(inceptc([...args, "--json"]).stdout) as Json;
    expect(json.batch).toBe(16);
    const kept = json.saved.filter(({ fate, of }) => fate === "kept" && of === "image");
    const sum = kept.reduce((so, { bytes }) => so + bytes, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(json.imageBytes);
  });

  test.each([
    ["--graph", "batchnorm-training"],
    ["--passes", "turn-convolutions"],
    ["--kernels", "conv-weight-gradient.blocked"],
    ["--memory", "KiB for one image, and"],
  ])("with %s it shows that of the training program", (view, expected) => {
    const file = written(spec);
    expect(inceptc(["explain", file, "--train", view]).stdout).toContain(expected);
    expect(inceptc(["explain", file, view]).stdout).not.toContain(expected);
  });

  test("of a network whose loss has to be said it says so", () => {
    const one = written("model O {\n  input x: f32[3]\n  output y: linear(1)\n}\n");
    const { status, stderr } = inceptc(["explain", one, "--train"]);
    expect(status).toBe(1);
    expect(stderr).toContain("sigmoid_cross_entropy");
  });
});

test.each([
  ["globalavgpool -> linear(2)", "for each thread, and once where there are more than 8"],
  [
    "linear(4096) -> relu -> linear(4096)",
    "for each thread, and for up to 8 images where there are fewer\nthreads, or more than 8",
  ],
])("--memory of %s says for how many images there is room", (head, expected) => {
  const file = join(temporaryFolder(), "net.incept");
  const image = "input image: f32[3, 32, 32]";
  writeFileSync(file, `model M {\n  ${image}\n  output y: ${head}\n}\n`);
  const args = ["explain", file, "--memory", "--target", "cpu", "--no-algebra"];
  const { stdout } = inceptc(args);
  expect(stdout).toContain(` for one image; an instance holds it ${expected}\n`);
});
