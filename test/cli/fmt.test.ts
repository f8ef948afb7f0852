import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

const untidy = "module A{relu}\n";
const tidy = "module A { relu }\n";
const broken = "module A { relu relu }\n";

/** A folder with files, by their names. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

const piped = (input: string | Buffer, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve("dist/cli.js"), "fmt", "-", ...args],
    { input, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  return { status, stdout, stderr };
};

test("writes what is not formatted, names it, and leaves alone what is", () => {
  const cwd = folderOf({ "a.incept": untidy, "b.incept": tidy });
  utimesSync(join(cwd, "b.incept"), 1000, 1000);
  chmodSync(join(cwd, "a.incept"), 0o640);
  expect(inceptc(["fmt", "a.incept", "b.incept"], { cwd })).toEqual({
    status: 0,
    stdout: "a.incept\n",
    stderr: "✔ 2 specs: 1 formatted\n",
  });
  expect(read(cwd, "a.incept")).toBe(tidy);
  expect(statSync(join(cwd, "a.incept")).mode & 0o777).toBe(0o640);
  expect(statSync(join(cwd, "b.incept")).mtimeMs).toBe(1_000_000);
  expect(readdirSync(cwd).sort()).toEqual(["a.incept", "b.incept"]);
  expect(inceptc(["fmt", "a.incept", "b.incept"], { cwd })).toMatchObject({
    status: 0,
    stdout: "",
    stderr: "✔ 2 specs: formatted already\n",
  });
});

test("--check writes nothing, names the files and exits 1", () => {
  const cwd = folderOf({ "a.incept": untidy, "b.incept": tidy });
  expect(inceptc(["fmt", "--check", "."], { cwd })).toEqual({
    status: 1,
    stdout: "a.incept\n",
    stderr: "✖ 2 specs: 1 to be formatted\n",
  });
  expect(read(cwd, "a.incept")).toBe(untidy);
  expect(inceptc(["fmt", "--check", "b.incept"], { cwd }).status).toBe(0);
});

test("a file with an error of syntax is told and left; the others are written", () => {
  const cwd = folderOf({ "a.incept": broken, "b.incept": untidy });
  const { status, stdout, stderr } = inceptc(["fmt", "."], { cwd });
  expect(status).toBe(1);
  expect(stdout).toBe("b.incept\n");
  expect(stderr).toContain("a.incept:1:17 - error syntax/missing-arrow");
  expect(stderr).toContain("✖ 2 specs: 1 formatted, 1 with errors\n");
  expect([read(cwd, "a.incept"), read(cwd, "b.incept")]).toEqual([broken, tidy]);
});

describe("paths", () => {
  test("folders are searched, but not what is installed or hidden, and no links in them", () => {
    const names = ["x/a.incept", "x/y/b.incept", "x/node_modules/p/c.incept", "x/.incept/d.incept"];
    const cwd = folderOf(Object.fromEntries([...names, "e.txt"].map((name) => [name, untidy])));
    const outside = folderOf({ "f.incept": untidy });
    symlinkSync(outside, join(cwd, "x", "linked"));
    expect(inceptc(["fmt", "x"], { cwd }).stdout).toBe("x/a.incept\nx/y/b.incept\n");
    expect(read(outside, "f.incept")).toBe(untidy);
  });

  test("a link is followed and stays; a file that is named twice is written once", () => {
    const cwd = folderOf({ "a.incept": untidy });
    symlinkSync("a.incept", join(cwd, "b.incept"));
    expect(inceptc(["fmt", "b.incept", "a.incept"], { cwd }).stderr).toContain("1 spec: 1");
    expect(lstatSync(join(cwd, "b.incept")).isSymbolicLink()).toBe(true);
    expect(read(cwd, "a.incept")).toBe(tidy);
  });

  test("one that cannot be read: exit 2, and nothing is written", () => {
    const cwd = folderOf({ "a.incept": untidy, "b/c.txt": "" });
    for (const path of ["absent.incept", "b"]) {
      const { status, stderr } = inceptc(["fmt", "a.incept", path], { cwd });
      expect(status).toBe(2);
      expect(stderr).toContain("[file/not-found]");
    }
    expect(read(cwd, "a.incept")).toBe(untidy);
  });
});

describe("stdin", () => {
  test("to stdout, as it is", () => {
    expect(piped(untidy)).toEqual({ status: 0, stdout: tidy, stderr: "" });
    const text = 'module A { relu as "\u202e" } // ü\n';
    expect(piped(text).stdout).toBe('module A { relu as "\u202e" }   // ü\n');
  });

  test("with an error: nothing but the finding", () => {
    const { status, stdout, stderr } = piped(broken);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("<stdin>:1:17 - error syntax/missing-arrow");
  });

  test("--check says whether it is formatted", () => {
    expect(piped(untidy, "--check")).toMatchObject({ status: 1, stdout: "<stdin>\n" });
    expect(piped(tidy, "--check")).toMatchObject({ status: 0, stdout: "" });
  });

  test("beyond any spec is refused", () => {
    const { status, stderr } = piped(Buffer.alloc(5 << 20, "a"));
    expect(status).toBe(2);
    expect(stderr).toContain("[file/too-large]");
    expect(piped("a".repeat(2 << 20)).stderr).toContain("syntax/too-large");
  });
});

test("--json says which files changed, and what was found", () => {
  const cwd = folderOf({ "a.incept": untidy, "b.incept": broken });
  const { status, stdout } = inceptc(["fmt", "--json", "."], { cwd });
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    files: [
      { file: "a.incept", changed: true },
      { file: "b.incept", changed: false },
    ],
    findings: [{ file: "b.incept", code: "syntax/missing-arrow" }],
  });
  expect(JSON.parse(piped(untidy, "--json").stdout)).toMatchObject({ files: [{ text: tidy }] });
});

test("--width is kept to, and no nonsense is taken for one", () => {
  const chain = "module A { " + "relu -> ".repeat(8) + "relu }\n";
  const rows = piped(chain, "--width", "40").stdout.trimEnd().split("\n");
  expect(rows).toHaveLength(4);
  for (const width of ["39", "x", "1e9", ""]) expect(piped(chain, "--width", width).status).toBe(2);
});
