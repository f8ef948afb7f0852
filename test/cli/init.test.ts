import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { wholeBundle } from "../support/bundle.js";
import { inceptc, type Ran, temporaryFolder } from "../support/cli.js";
import { Folder } from "../build/folder.js";

const shown = (folder: string): string[] => readdirSync(folder).sort();

/** What `npm install` would bring, from here. */
function install(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "inceptc"));
  for (const name of ["tsx", "typescript", "@types", "prettier"]) {
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  }
}

function node(folder: string, ...args: string[]): Ran {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

const tsc = (folder: string): Ran => node(folder, "node_modules/typescript/bin/tsc", "--noEmit");
const start = (folder: string, main: string): Ran =>
  node(folder, "--import", "inceptc/register", "--import", "tsx", main);

const prettier = (folder: string): Ran =>
  node(folder, "node_modules/prettier/bin/prettier.cjs", "--check", ".");

const answer = /^Tiny on cpu .*:\n( +\d .*\d\.\d{3}\n){10}$/;

describe("a new project", () => {
  const kept = new Folder();
  const folder = kept.file("my net");
  let told: Ran;

  beforeAll(() => {
    wholeBundle();
    told = inceptc(["init", "my net"], { cwd: kept.path });
    install(folder);
    return () => kept[Symbol.dispose]();
  });

  test("has all it needs", () => {
    expect(told.status).toBe(0);
    expect(told.stdout).toContain("Ready. Next: cd 'my net' && npm install && npm start\n");
    expect(shown(folder)).toEqual(
      [
        ".gitignore",
        ".prettierrc",
        "main.ts",
        "node_modules",
        "package.json",
        "tiny.d.incept.ts",
        "tiny.incept",
        "tsconfig.json",
      ].sort(),
    );
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
      name: "my-net",
      type: "module",
      scripts: { check: "tsc", format: "prettier --write ." },
    });
  });

  test("is as Prettier has it, the spec too", () => {
    expect(prettier(folder)).toMatchObject({ status: 0, stderr: "" });
    const spec = join(folder, "tiny.incept");
    const text = readFileSync(spec, "utf8");
    writeFileSync(spec, text.replace("b1:   conv", "b1: conv"));
    expect(prettier(folder).stderr).toContain("tiny.incept");
    writeFileSync(spec, text);
  });

  test("type-checks before anything is compiled, finds a wrong name, and runs", () => {
    expect(tsc(folder)).toMatchObject({ status: 0, stdout: "" });
    const main = join(folder, "main.ts");
    const text = readFileSync(main, "utf8");
    writeFileSync(main, text.replace("{ image }", "{ imgae: image }"));
    expect(tsc(folder).stdout).toContain("Did you mean to write 'image'?");
    writeFileSync(main, text);
    expect(existsSync(join(folder, ".incept"))).toBe(false);
    const run = start(folder, "main.ts");
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toMatch(answer);
    expect(run.stderr).toContain("inceptc: compiling tiny.incept for cpu");
  });

  test("is the same inside a package of CommonJS, as npm init now writes it", () => {
    const own = temporaryFolder();
    const text = '{ "name": "own", "type": "commonjs", "scripts": { "test": "exit 1" } }\n';
    writeFileSync(join(own, "package.json"), text);
    const { status, stdout } = inceptc(["init"], { cwd: own });
    expect(status).toBe(0);
    expect(readFileSync(join(own, "package.json"), "utf8")).toBe(text);
    // The commands are typed as they are printed; what is installed is put there.
    const [set = "", ...installs] = stdout.match(/^ {2}npm (pkg|install) .*$/gm) ?? [];
    execFileSync("sh", ["-c", set], { cwd: own });
    expect(installs.join("\n")).toMatch(
      /inceptc@file:.*\n.* --save-dev @types\/node tsx typescript$/,
    );
    install(own);
    cpSync(join(folder, ".incept"), join(own, ".incept"), { recursive: true });
    expect(tsc(own)).toMatchObject({ status: 0, stdout: "" });
    const run = spawnSync("npm", ["start", "--silent"], { cwd: own, encoding: "utf8" });
    expect({ ...run, stdout: run.stdout }).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(answer);
    const check = spawnSync("npm", ["run", "check", "--silent"], { cwd: own, encoding: "utf8" });
    expect(check).toMatchObject({ status: 0, stdout: "" });
  });
});

test("what is there is kept", () => {
  const folder = temporaryFolder();
  const mine = { "main.ts": "mine", "tsconfig.json": "{}", "tiny.d.incept.ts": "mine too" };
  for (const [name, text] of Object.entries(mine)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, ".gitignore"), "secret");
  symlinkSync("nowhere", join(folder, "tiny.incept"));
  const { status, stderr } = inceptc(["init", folder]);
  expect(status).toBe(0);
  for (const [name, text] of Object.entries(mine)) {
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  }
  expect(existsSync(join(folder, "tiny.incept"))).toBe(false);
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("secret\n.incept/\n");
  expect(stderr).toContain("allowArbitraryExtensions");
  expect(inceptc(["init", folder]).status).toBe(0);
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("secret\n.incept/\n");
});

test("a spec of that name with errors is kept, and has no types until they are mended", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "tiny.incept"), "model {");
  const { status, stderr } = inceptc(["init", folder]);
  expect(status).toBe(0);
  expect(stderr).toContain("mend tiny.incept: npx inceptc check tiny.incept");
  expect(shown(folder)).not.toContain("tiny.d.incept.ts");
});

test("a package that has everything is told to start, and no more", () => {
  const folder = temporaryFolder();
  inceptc(["init", folder]);
  const before = readFileSync(join(folder, "package.json"), "utf8");
  const { stdout } = inceptc(["init"], { cwd: folder });
  expect(stdout).toContain("Ready. Next: npm install && npm start\n");
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(before);
});

test("a start of the user's own stays the user's", () => {
  const folder = temporaryFolder();
  const scripts = { start: "node server.js", check: "eslint ." };
  const content = { type: "module", scripts, dependencies: { inceptc: "^9.0.0", tsx: "1" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(content));
  const { stdout } = inceptc(["init"], { cwd: folder });
  const command = "node --import inceptc/register --import tsx main.ts";
  expect(stdout.split("\n").slice(0, 6)).toEqual([
    "Ready. Next:",
    `  npm pkg set 'scripts.start:net=${command}'`,
    "  npm install --save-dev @types/node typescript",
    "  npm run start:net",
    "",
    expect.stringMatching(/^ {2}npm run start:net {2}compiles/),
  ]);
  expect(stdout).toContain("  npx tsc --noEmit   checks the types");
});

describe("Prettier", () => {
  const advice = 'next: add to plugins in %, for Prettier to lay specs out: "inceptc/prettier"\n';

  test.each([
    [".prettierrc.json", '{ "semi": false }'],
    ["prettier.config.js", "export default {};"],
    ["package.json", '{ "prettier": {} }'],
  ])("that %s configures stays so, and what to add is told", (name, text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    expect(inceptc(["init", folder]).stderr).toContain(advice.replace("%", name));
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
    expect(shown(folder)).not.toContain(".prettierrc");
    writeFileSync(join(folder, name), text.replace("{", '{ "plugins": ["inceptc/prettier"],'));
    expect(inceptc(["init", folder]).stderr).not.toContain("add to plugins");
  });

  test("that is configured above: so it stays", () => {
    const above = temporaryFolder();
    writeFileSync(join(above, ".prettierrc.yaml"), "semi: false\n");
    const { stderr } = inceptc(["init", "net"], { cwd: above });
    expect(stderr).toContain(`${join(realpathSync(above), ".prettierrc.yaml")}, for Prettier`);
    expect(shown(join(above, "net"))).not.toContain(".prettierrc");
  });

  test("that a package uses is set up, and none is given to one that uses none", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), '{ "devDependencies": { "prettier": "3" } }');
    inceptc(["init", folder]);
    expect(readFileSync(join(folder, ".prettierrc"), "utf8")).toContain("inceptc/prettier");
    const without = temporaryFolder();
    writeFileSync(join(without, "package.json"), "{}");
    expect(inceptc(["init", without]).stdout).not.toContain("prettier");
    expect(shown(without)).not.toContain(".prettierrc");
  });
});

test("as JSON", () => {
  const folder = realpathSync(temporaryFolder());
  const { stdout } = inceptc(["init", "--json", folder]);
  expect(JSON.parse(stdout)).toMatchObject({
    directory: folder,
    kept: [],
    advice: [],
    commands: { before: ["npm install"], start: "npm start", check: "npm run check" },
  });
});

test.each([
  ["a file in the way", "taken"],
  ["a file above", "taken/below"],
  ["a link to nowhere", "link"],
  ["a name that no folder can have", "n".repeat(300)],
])("%s: exit 2", (_, name) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "taken"), "");
  symlinkSync("nowhere", join(folder, "link"));
  const { status, stderr } = inceptc(["init", join(folder, name)]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/\[(init\/not-a-folder|file\/cannot-write)\]/);
});

test.each([".gitignore", "tsconfig.json"])("a pipe for %s: exit 2, and no waiting", (name) => {
  const folder = temporaryFolder();
  execFileSync("mkfifo", [join(folder, name), join(folder, "package.json")]);
  const { status, stderr } = inceptc(["init", folder], { timeout: 60_000 });
  expect(stderr).toMatch(/\[file\/not-a-file\]: .* is not a file but a pipe\./);
  expect(stderr).toContain(name);
  expect(status).toBe(2);
});

test("a machine without a compiler is told what it needs, and that it can check", () => {
  const folder = temporaryFolder();
  const { status, stdout } = inceptc(["init", folder], { env: { PATH: folder, CXX: "" } });
  expect(status).toBe(0);
  expect(stdout).toMatch(/npm run check +checks the types; nothing is compiled\n/);
  expect(stdout).toContain(
    "this machine needs: C++ compiler. No C++17 compiler was found.\n  help: ",
  );
});
