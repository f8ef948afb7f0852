import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

test("a new project checks, type-checks and runs", () => {
  const folder = join(temporaryFolder(), "my-net");
  const { status, stdout } = inceptc(["init", folder]);
  expect(status).toBe(0);
  expect(stdout).toContain("npm install && npm start");
  expect(readdirSync(folder).sort()).toEqual(
    [".gitignore", "main.ts", "package.json", "tiny.incept", "tsconfig.json"].sort(),
  );
  // What `npm install` would bring, from here.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "inceptc"));
  for (const name of ["tsx", "typescript", "@types"]) {
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  }
  expect(inceptc(["build", "tiny.incept"], { cwd: folder }).status).toBe(0);
  const flags = ["--import", "inceptc/register", "--import", "tsx"];
  const run = spawnSync(process.execPath, [...flags, "main.ts"], { cwd: folder, encoding: "utf8" });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^Tiny on cpu .*:\n( +\d .*\d\.\d{3}\n){10}$/);
});

test("what is there is kept", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.ts"), "mine");
  writeFileSync(join(folder, ".gitignore"), "secret");
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  const { status, stderr } = inceptc(["init", folder]);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "main.ts"), "utf8")).toBe("mine");
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("secret\n.incept/\n");
  expect(stderr).toContain("allowArbitraryExtensions");
  expect(inceptc(["init", folder]).status).toBe(0);
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("secret\n.incept/\n");
});

test("a file in the way: exit 2", () => {
  const file = join(temporaryFolder(), "taken");
  writeFileSync(file, "");
  const { status, stderr } = inceptc(["init", file]);
  expect(status).toBe(2);
  expect(stderr).toContain("[init/not-a-folder]");
});

test("a folder that cannot be made, or a pipe in it: exit 2", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const below = inceptc(["init", join(folder, "file/sub")]);
  expect(below.stderr).toContain("[file/cannot-write]");
  expect(below.status).toBe(2);
  execFileSync("mkfifo", [join(folder, ".gitignore")]);
  const piped = inceptc(["init", folder], { timeout: 60_000 });
  expect(piped.stderr).toMatch(/\[file\/not-a-file\]: .*\.gitignore is not a file but a pipe\./);
  expect(piped.status).toBe(2);
});

test.each([
  ["a b", "cd 'a b' && "],
  ["it's; rm -rf $HOME", "cd 'it'\\''s; rm -rf $HOME' && "],
  ["-n", "cd './-n' && "],
  ["netz-ü", "cd netz-ü && "],
  [".", ""],
])("the next command for %j can be typed as it stands", (dir, enter) => {
  const { stdout } = inceptc(["init", "--", dir], { cwd: temporaryFolder() });
  expect(stdout).toBe(`Ready. Next: ${enter}npm install && npm start\n`);
});
