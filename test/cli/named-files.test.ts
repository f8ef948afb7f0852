/** What a verb says of a path that is no file of the kind that it wants. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("labels from outside of the project", () => {
  const secret = "hunter2\nb\nc\nd\n";
  beforeAll(() => {
    mkdirSync(at("data"));
    writeFileSync(at("data/labels.txt"), secret);
    writeFileSync(
      at("repo/out.incept"),
      spec.replace("output", 'labels "../data/labels.txt"\n  output'),
    );
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
    expect(readdirSync(at("repo")).sort()).toEqual([".git", "net.incept", "out.incept"]);
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
