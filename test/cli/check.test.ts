import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

const googlenet = "examples/googlenet/googlenet.incept";

function spec(text: string): string {
  const file = join(temporaryFolder(), "net.incept");
  writeFileSync(file, text);
  return file;
}

const broken = "model Net {\n  input x: f32[3, 8, 8]\n  output y: conv(2x2, 4) -> rleu\n}\n";

test("a good spec: exit 0 and one line on stdout", () => {
  expect(inceptc(["check", googlenet])).toEqual({
    status: 0,
    stdout: "✔ 1 spec: nothing to say\n",
    stderr: "",
  });
});

test("a bad spec: exit 1, findings on stderr, the verdict on stdout", () => {
  const { status, stdout, stderr } = inceptc(["check", spec(broken)]);
  expect(status).toBe(1);
  expect(stdout).toBe("✖ 1 spec: 2 errors\n");
  expect(stderr).toContain("net.incept:3:");
  expect(stderr).toContain("shape/ambiguous-padding");
  expect(stderr).toContain("did you mean relu");
});

test("--json puts the findings on stdout", () => {
  const { status, stdout } = inceptc(["check", "--json", spec(broken)]);
  expect(status).toBe(1);
  const findings = JSON.parse(stdout) as { code: string; line: number }[];
  expect(findings.map(({ code, line }) => [code, line])).toEqual([
    ["shape/ambiguous-padding", 3],
    ["name/unknown", 3],
  ]);
});

test.each([
  [
    "a file that is not there",
    "examples/googlenet/gogglenet.incept",
    "file/not-found",
    /did you mean .*googlenet\.incept/,
  ],
  ["a folder", "examples/googlenet", "file/not-a-file", /is not a file/],
])("%s: exit 2 with a named error", (_, file, code, message) => {
  const { status, stderr } = inceptc(["check", file]);
  expect(status).toBe(2);
  expect(stderr).toContain(`[${code}]`);
  expect(stderr).toMatch(message);
});

test("a spec of 100 MB is refused before it is read", () => {
  const file = join(temporaryFolder(), "huge.incept");
  writeFileSync(file, Buffer.alloc(100_000_000, "a"));
  const { status, stderr } = inceptc(["check", file]);
  expect(status).toBe(2);
  expect(stderr).toContain("[file/too-large]");
});

test("binary text is one finding", () => {
  const file = join(temporaryFolder(), "binary.incept");
  writeFileSync(file, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)));
  const { status, stderr } = inceptc(["check", file]);
  expect(status).toBe(1);
  expect(stderr.match(/ - error /g)).toHaveLength(1);
});

test("an unknown flag, verb or a missing argument: exit 2", () => {
  for (const args of [["check"], ["check", "--nonsense", googlenet], ["chekc", googlenet], []]) {
    expect(inceptc(args).status, args.join(" ")).toBe(2);
  }
  expect(inceptc(["chekc", googlenet]).stderr).toContain("check");
});

test("--set and --model pick the network", () => {
  expect(inceptc(["check", googlenet, "--set", "classes=10"]).status).toBe(0);
  const wrong = inceptc(["check", googlenet, "--set", "klasses=10"]);
  expect(wrong.status).toBeGreaterThan(0);
  expect(wrong.stderr).toContain("classes");
  expect(inceptc(["check", googlenet, "--model", "GoogleNet"]).stderr).toContain("GoogLeNet");
});

test("several specs are checked in one go", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "x.incept"), broken);
  const { status, stdout } = inceptc(["check", googlenet, join(folder, "a", "x.incept")]);
  expect(status).toBe(1);
  expect(stdout).toBe("✖ 2 specs: 2 errors\n");
});

const inNet = (output: string): string =>
  `model Net {\n  input x: f32[3, 8, 8]\n  output y: ${output}\n}\n`;

test("--fix mends what is certain and says how much", () => {
  const file = spec(inNet("conv(3X3, 4, act=ReLU) // kept\n"));
  expect(inceptc(["check", file]).stderr).toContain("--fix writes 1 fix");
  const { status, stdout, stderr } = inceptc(["check", "--fix", file]);
  expect(stderr).toBe(`${file}: 3 fixes applied\n`);
  expect([status, stdout]).toEqual([0, "✔ 1 spec: nothing to say\n"]);
  expect(readFileSync(file, "utf8")).toBe(inNet("conv(3x3, 4, act:relu) // kept\n"));
});

test("--fix writes no guess: it counts what is left to decide, and the answer is no", () => {
  const text = inNet("conv(2x2, 4) -> rleu -> linear(5, in: 4)");
  const file = spec(text);
  const { status, stdout, stderr } = inceptc(["check", "--fix", file]);
  expect(stderr).toContain("did you mean relu?");
  expect(stderr).toContain(`${file}: 2 suggestions left for you to decide\n`);
  expect([status, stdout]).toEqual([1, "✖ 1 spec: 2 errors\n"]);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("--json tells fixes, with the reason of each, from suggestions", () => {
  const file = spec(inNet("conv(3x3, 4) -> Relu -> rleu"));
  const findings = JSON.parse(inceptc(["check", "--json", file]).stdout) as {
    fixes: { because: string; edits: { text: string }[] }[];
    suggestions: { edits: { text: string }[] }[];
  }[];
  expect(
    findings.map(({ fixes, suggestions }) => [
      fixes.map(({ because, edits }) => [because, edits[0]?.text]),
      suggestions.map(({ edits }) => edits[0]?.text),
    ]),
  ).toEqual([
    [[["one word of the language differs from it in letter case alone", "relu"]], []],
    [[], ["relu"]],
  ]);
});

test("--fix writes where a link leads, and leaves the link", () => {
  const file = spec("model Net {\n  input x: f32[3, 8, 8]\n  output y: conv(3x3, 4) relu\n}\n");
  const link = join(temporaryFolder(), "link.incept");
  symlinkSync(file, link);
  const { status, stderr } = inceptc(["check", "--fix", link]);
  expect([status, stderr]).toEqual([0, `${link}: 1 fix applied\n`]);
  expect(readlinkSync(link)).toBe(file);
  expect(readFileSync(file, "utf8")).toContain("conv(3x3, 4) -> relu");
});

/** `check --watch`, and what waits until a stream says a text that it has not said before. */
function watch(
  file: string,
  ...flags: readonly string[]
): { says: (text: string) => Promise<void>; end: () => void } {
  const args = ["dist/cli.js", "check", "--watch", ...flags, file];
  const child = spawn(process.execPath, args);
  const unread = [child.stdout, child.stderr].map((stream) => {
    const said = { text: "" };
    stream.on("data", (chunk: Buffer) => (said.text += chunk.toString()));
    return said;
  });
  const says = async (text: string): Promise<void> => {
    const said = await vi.waitUntil(() => unread.find((one) => one.text.includes(text)), 60_000);
    said.text = said.text.slice(said.text.indexOf(text) + text.length);
  };
  return { says, end: () => child.kill() };
}

const right = "model Net {\n  input x: f32[3, 8, 8]\n  output y: relu\n}\n";

test("--watch checks again when the spec changes", async () => {
  const file = spec(right.replace("relu", "rleu"));
  const { says, end } = watch(file);
  await says("✖ 1 spec: 1 error");
  await says("watching net.incept (");
  writeFileSync(file, right);
  await says("✔ 1 spec: nothing to say");
  end();
});

test("--watch checks again when an import is mended, or labels come to be", async () => {
  const imports = `import { Stem } from "stem.incept"\n${right}`;
  const file = spec(imports.replace("relu", `Stem\n  labels "labels.txt"`));
  const beside = (name: string): string => join(dirname(file), name);
  writeFileSync(beside("stem.incept"), "module Stem { conv(1x1, 1 }\n");
  const { says, end } = watch(file);
  await says("import/syntax");
  await says("watching net.incept, stem.incept (");
  writeFileSync(beside("stem.incept"), "module Stem { conv(1x1, 1) }\n");
  await says("import/not-found");
  await says("watching net.incept, stem.incept, labels.txt (");
  writeFileSync(beside("labels.txt"), "cat\n");
  await says("✔ 1 spec: nothing to say");
  end();
});

test("--watch goes on when the spec was away", async () => {
  const file = spec(right);
  const { says, end } = watch(file);
  await says("watching");
  rmSync(file);
  await says("[file/not-found]");
  await says("watching");
  writeFileSync(file, right);
  await says("✔ 1 spec: nothing to say");
  end();
});

test("--watch --fix writes what is certain once, and goes on with the next edit", async () => {
  const file = spec(right.replace("relu", "conv(3x3, 4) => relu"));
  const child = watch(file, "--fix");
  await child.says("1 fix applied");
  await child.says("✔ 1 spec: nothing to say");
  await child.says("watching net.incept (");
  expect(readFileSync(file, "utf8")).toContain("conv(3x3, 4) -> relu");
  writeFileSync(file, right.replace("relu", "rleu"));
  await child.says("✖ 1 spec: 1 error");
  child.end();
});
