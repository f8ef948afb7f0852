/** What a verb says of a path that is no file of the kind that it wants. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../src/checkpoints/safetensors/write.js";
import { inceptc, type Ran } from "../support/cli.js";

let folder: string;
const at = (name: string): string => join(folder, name);

const spec = `model M {
  input x: f32[3, 8, 8]
  output y: globalavgpool -> linear(4)
}
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "incept-named-"));
  mkdirSync(at("repo/.git"), { recursive: true });
  writeFileSync(at("repo/net.incept"), spec);
  execFileSync("mkfifo", [at("pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A verb that waits for a pipe's writer would wait for ever; it is ended then, without a status. */
const run = (...args: string[]): Ran => inceptc(args, { cwd: at("repo"), timeout: 60_000 });

describe("a pipe is refused at once", () => {
  const checkpoint = "../empty.safetensors";
  beforeAll(() => {
    const header = Buffer.from("{}      ");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(at("empty.safetensors"), Buffer.concat([length, header]));
  });
  const none = ["--inputs", "../pipe", "--outputs", "out.safetensors"];
  test.each([
    ["as the spec of check", ["check", "../pipe"]],
    ["as the spec of check --fix", ["check", "--fix", "../pipe"]],
    ["as the spec of explain", ["explain", "../pipe"]],
    ["as the spec of build", ["build", "--emit-only", "-o", "out", "../pipe"]],
    ["as the spec of run", ["run", "../pipe", ...none]],
    ["as the spec of predict", ["predict", "../pipe", "cat.png"]],
    ["as the spec of weights", ["weights", "../pipe"]],
    ["as a checkpoint", ["weights", "net.incept", "../pipe"]],
    ["as a rename map", ["weights", "net.incept", checkpoint, "--rename", "../pipe"]],
    ["as inputs", ["run", "net.incept", "--weights", "random:1", ...none]],
  ])("%s", (_, args) => {
    const { status, stderr } = run(...args);
    expect(stderr).toContain("[file/not-a-file]: ../pipe is not a file but a pipe.");
    expect(status).toBe(2);
  });

  test("also where a shell makes it", () => {
    const command = `exec "$0" "$1" check <(cat net.incept)`;
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", command, process.execPath, resolve("dist/cli.js")],
      { encoding: "utf8", cwd: at("repo"), timeout: 60_000 },
    );
    expect(stderr).toMatch(/\[file\/not-a-file\]: \/dev\/fd\/\d+ is not a file but a pipe\./);
    expect(status).toBe(2);
  });
});

describe("what a network is compiled for is looked at before it is", () => {
  /** Nothing can be compiled: whoever gets so far is told of the compiler. */
  const early = (...args: string[]): Ran =>
    inceptc(args, { cwd: at("repo"), timeout: 60_000, env: { CXX: at("no-compiler") } });
  const tensors = (values: Record<string, StoredTensor>): Map<string, StoredTensor> =>
    new Map(Object.entries(values));
  const floats = (...shape: number[]): StoredTensor =>
    float32Tensor(shape, new Float32Array(shape.reduce((a, b) => a * b)));
  beforeAll(async () => {
    writeFileSync(at("repo/seen.incept"), spec.replace("8, 8]", "8, 8] from image()"));
    writeFileSync(
      at("repo/planes.incept"),
      spec.replace("8, 8]", "8, 8] from image()").replace("globalavgpool -> linear(4)", "relu"),
    );
    writeFileSync(at("repo/text"), "hello");
    writeFileSync(at("repo/map.json"), "[]");
    writeFileSync(at("repo/cat.png"), Buffer.from("89504e470d0a1a0a", "hex"));
    writeFileSync(at("repo/two.txt"), "a\nb\n");
    await writeSafetensors(at("repo/in.st"), tensors({ x: floats(1, 3, 8, 8) }));
    await writeSafetensors(at("repo/lacks.st"), tensors({ "y.1.weight": floats(4, 3) }));
    await writeSafetensors(
      at("repo/fits.st"),
      tensors({ "y.1.weight": floats(4, 3), "y.1.bias": floats(4) }),
    );
  });

  const io = ["--inputs", "in.st", "--outputs", "out.st"];
  const pictured = ["predict", "seen.incept", "cat.png", "--weights"];
  test.each<[code: string, args: string[]]>([
    ["file/not-found", ["run", "net.incept", "--weights", "absent.st", ...io]],
    ["file/not-a-file", ["run", "net.incept", "--weights", ".git", ...io]],
    ["weights/truncated", ["run", "net.incept", "--weights", "text", ...io]],
    ["weights/missing", ["run", "net.incept", "--weights", "lacks.st", ...io]],
    ["args/missing", ["run", "net.incept", ...io]],
    [
      "weights/rename",
      ["run", "net.incept", "--weights", "fits.st", "--rename", "map.json", ...io],
    ],
    [
      "file/not-found",
      ["run", "net.incept", "--weights", "fits.st", ...io, "--inputs", "absent.st"],
    ],
    [
      "file/cannot-write",
      ["run", "net.incept", "--weights", "fits.st", ...io, "--outputs", "no/out"],
    ],
    ["file/not-found", [...pictured, "absent.st"]],
    ["weights/missing", [...pictured, "lacks.st"]],
    ["file/not-found", [...pictured, "random:1", "--labels", "absent.txt"]],
    ["labels/count", [...pictured, "random:1", "--labels", "two.txt"]],
    ["model/no-image", ["predict", "net.incept", "cat.png", "--weights", "random:1"]],
    ["model/no-classes", ["predict", "planes.incept", "cat.png"]],
    ["file/cannot-write", ["build", "net.incept", "-o", "text"]],
    ["file/cannot-write", ["build", "net.incept", "-o", "text/out"]],
    ["file/cannot-write", ["build", "net.incept", "-o", "/proc/out"]],
    ["file/cannot-write", ["build", "net.incept", "--emit-only", "-o", "/proc/out"]],
    ["emit/not-empty", ["build", "net.incept", "-o", "foreign"]],
  ])("%s: %s", (code, args) => {
    mkdirSync(at("repo/foreign"), { recursive: true });
    writeFileSync(at("repo/foreign/manifest.json"), "{}");
    const { status, stdout, stderr } = early(...args);
    expect(stderr).toContain(`[${code}]`);
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("a seed that is none", () => {
    const { status, stderr } = early("run", "net.incept", "--weights", "random:x", ...io);
    expect(stderr).toMatch(/^TypeError: M\.load: weights is "random:x", expected random:SEED/);
    expect(status).toBe(2);
  });

  test("pictures of which none can be read", () => {
    const args = ["predict", "seen.incept", "absent.png", "text", ".git", "--weights", "random:1"];
    const { status, stdout, stderr } = early(...args);
    expect(stderr.match(/\[[\w/-]+\]/g)).toEqual([
      "[file/not-found]",
      "[image/unreadable]",
      "[file/not-a-file]",
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    const json = early(...args, "--json");
    expect([json.status, json.stderr]).toEqual([1, ""]);
    expect(JSON.parse(json.stdout)).toEqual([
      {
        image: "absent.png",
        error: { code: "file/not-found", message: "absent.png does not exist." },
      },
      {
        image: "text",
        error: {
          code: "image/unreadable",
          message: "text cannot be decoded: it is no JPEG, PNG, WebP, AVIF, GIF or TIFF.",
          help: "convert it to one of those formats first",
        },
      },
      {
        image: ".git",
        error: {
          code: "file/not-a-file",
          message: ".git is not a file but a folder.",
          help: "name a file that holds a picture",
        },
      },
    ]);
  });

  test("when all is in order, the compiler is wanted", () => {
    for (const args of [
      ["run", "net.incept", "--weights", "fits.st", ...io],
      [...pictured, "fits.st"],
      ["build", "net.incept", "-o", "out"],
    ]) {
      expect(early(...args).stderr).toContain("[toolchain/no-compiler]");
    }
    expect(existsSync(at("repo/out"))).toBe(false);
    expect(existsSync(at("repo/out.st"))).toBe(false);
  });
});

describe("labels from outside of the project", () => {
  const secret = "hunter2\nb\nc\nd\n";
  let before: string[];
  beforeAll(() => {
    mkdirSync(at("data"));
    writeFileSync(at("data/labels.txt"), secret);
    writeFileSync(
      at("repo/out.incept"),
      spec.replace("output", 'labels "../data/labels.txt"\n  output'),
    );
    before = readdirSync(at("repo")).sort();
  });

  test.each([
    ["check", "out.incept"],
    ["check", "--json", "out.incept"],
    ["explain", "out.incept"],
    ["weights", "out.incept"],
    ["build", "out.incept"],
    ["build", "out.incept", "--emit-only", "-o", "out"],
    ["run", "out.incept", "--inputs", "in.safetensors", "--outputs", "out.safetensors"],
    ["predict", "out.incept", "cat.png"],
  ])("are refused by %s %s %s", (...args) => {
    const { status, stdout, stderr } = run(...args);
    expect(stdout + stderr).toContain("import/outside");
    expect(stdout + stderr).not.toContain("hunter2");
    expect(status).toBe(1);
    expect(readdirSync(at("repo")).sort()).toEqual(before);
  });

  test("are taken where --root allows it", () => {
    for (const verb of [["check"], ["explain"], ["weights"]]) {
      const { status, stderr } = run(...verb, "out.incept", "--root", "../data");
      expect([status, stderr]).toEqual([0, ""]);
    }
    const { status, stderr } = run("check", "out.incept", "--root", "../nowhere");
    expect(stderr).toBe("InceptError [file/not-found]: ../nowhere does not exist.\n");
    expect(status).toBe(2);
  });
});

describe("a spec of another name", () => {
  test.each(["net", "net.txt", ".incept"])("%s is read, and not built", (name) => {
    writeFileSync(at(`repo/${name}`), spec);
    expect(run("check", name)).toEqual({
      status: 0,
      stdout: "✔ 1 spec: nothing to say\n",
      stderr: "",
    });
    const { status, stderr } = run("build", name);
    expect(stderr).toContain("[spec/name]");
    expect(stderr).toMatch(/its name must end in \.incept/);
    expect(status).toBe(2);
    rmSync(at(`repo/${name}`));
    expect(existsSync(at("repo/.incept"))).toBe(false);
  });

  test("is not held against the declarations of a TypeScript file", () => {
    writeFileSync(at("repo/net"), spec);
    writeFileSync(at("repo/net.d.ts"), "export {};\n");
    expect(run("check", "net").stderr).toBe("");
  });
});

test("a working folder that is gone is no bug", () => {
  mkdirSync(at("gone"));
  const command = `rmdir "$PWD"; exec "$0" "$@"`;
  const cli = [process.execPath, resolve("dist/cli.js"), "check", at("repo/net.incept")];
  const { status, stderr } = spawnSync("bash", ["-c", command, ...cli], {
    encoding: "utf8",
    cwd: at("gone"),
  });
  expect(stderr).toContain("[file/not-found]: The working folder does not exist any more.");
  expect(status).toBe(2);
});
