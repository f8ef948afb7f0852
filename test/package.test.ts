import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { wholeBundle } from "./support/bundle.js";
import { temporaryFolder } from "./support/cli.js";

beforeAll(wholeBundle);

const caller = `
import { loadModel } from "inceptc";
const net = await loadModel("cifar-inception.incept");
await using model = await net.load({ weights: "random:1" });
const { prob } = await model.run({ image: new Float32Array(3 * 32 * 32) });
if (prob === undefined) throw new Error("no prob");
console.log(prob.length, prob.reduce((a, b) => a + b, 0).toFixed(3));
`;

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    outDir: "out",
    types: ["node"],
  },
  include: ["main.ts"],
};

/** What `npm install inceptc-….tgz` makes of an empty folder, dependencies linked from here. */
function installed(): string {
  const folder = temporaryFolder();
  execFileSync("npm", ["pack", "--pack-destination", folder], { stdio: "pipe" });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", tarball ?? ""], { cwd: folder });
  const modules = join(folder, "project", "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync("node_modules").filter((n) => !n.startsWith("."))) {
    symlinkSync(resolve("node_modules", name), join(modules, name));
  }
  cpSync(join(folder, "package"), join(modules, "inceptc"), { recursive: true });
  return join(folder, "project");
}

test("the packed package type-checks, builds and runs in a project of its own", () => {
  const project = installed();
  cpSync(
    "examples/cifar-inception/cifar-inception.incept",
    join(project, "cifar-inception.incept"),
  );
  cpSync("examples/cifar-inception/labels.txt", join(project, "labels.txt"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(project, "main.ts"), caller);
  const run = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
  run(resolve("node_modules/typescript/bin/tsc"));
  // tsc keeps `await using` out of es2022; Node 20 then runs what it wrote.
  expect(run("out/main.js")).toBe("10 1.000\n");
  expect(run("node_modules/inceptc/dist/cli.js", "check", "cifar-inception.incept")).toContain("✔");
});

/** Without a message of echarts that shows how something is imported. */
const code = (): string[] =>
  readdirSync("dist")
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join("dist", name), "utf8").replace(/Must `import [^`]*`/g, ""));

/** The packages that a file imports, also by a name that no bundler sees, or finds on the disk. */
const imported = (text: string): string[] =>
  [
    ...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(/\b(?:require\d*\.resolve|unbundled)\("([^"]+)"\)/g)].map(
      ([, name = ""]) => name,
    ),
  ]
    .filter((name) => !name.startsWith(".") && !isBuiltin(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );

test("package.json depends on what the bundle imports, and on nothing else", () => {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    dependencies: object;
  };
  const names = new Set(code().flatMap(imported));
  expect([...names].sort()).toEqual(Object.keys(dependencies).sort());
});

test("the bundle holds parts of these packages, with their licences", () => {
  const text = readFileSync("dist/third-party.txt", "utf8");
  const titles = text.match(/^@?[\w/-]+ [\d.]+ \(.+\)$/gm) ?? [];
  expect(titles.map((title) => title.replace(/ [\d.]+ /, " "))).toEqual([
    "@chevrotain/cst-dts-gen (Apache-2.0)",
    "@chevrotain/gast (Apache-2.0)",
    "@chevrotain/regexp-to-ast (Apache-2.0)",
    "@chevrotain/utils (Apache-2.0)",
    "chevrotain (Apache-2.0)",
    "long (Apache-2.0)",
    "echarts (Apache-2.0)",
    // Of echarts and of zrender.
    "tslib (0BSD)",
    "tslib (0BSD)",
    "lodash-es (MIT)",
    "pend (MIT)",
    "protobufjs (BSD-3-Clause)",
    "simple-ascii-chart (MIT)",
    "yauzl (MIT)",
    "zrender (BSD-3-Clause)",
  ]);
  expect(text).toContain("Apache License");
  expect(text).toContain("Copyright OpenJS Foundation and other contributors");
});

test("package.json says where the project lives, and lets every system edit and check", () => {
  const content = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
  for (const field of ["repository", "homepage", "bugs"]) {
    expect(JSON.stringify(content[field]), field).toContain("https://github.com/inceptc/inceptc");
  }
  // Networks are compiled on Linux x64 alone, which README says; nothing else needs that.
  expect(content).not.toHaveProperty("os");
  expect(content).not.toHaveProperty("cpu");
  expect(readFileSync("README.md", "utf8")).toMatch(/compiled and run on \*\*Linux x64\*\*/);
});

test("the command can be started by its name", () => {
  const cli = "dist/cli.js";
  expect(readFileSync(cli, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(cli).mode & 0o111).toBe(0o111);
  expect(execFileSync(resolve(cli), ["--version"], { encoding: "utf8" })).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );
});

test("each entry point has one file of declarations; they share some and name only what they plug into", () => {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Record<string, string | { types: string; default: string }>;
  };
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [] : entry,
  );
  const files = readdirSync("dist", { recursive: true, encoding: "utf8" });
  const types = files.filter((name) => name.endsWith(".d.ts"));
  const own = types.filter((name) => !name.startsWith("shared-")).map((name) => `./dist/${name}`);
  expect(own.sort()).toEqual(entries.map((entry) => entry.types).sort());
  for (const entry of entries) expect(files).toContain(entry.default.replace("./dist/", ""));
  const named = types.flatMap((name) => imported(readFileSync(join("dist", name), "utf8")));
  const hosts = ["esbuild", "prettier", "rolldown", "rollup", "unplugin", "vite", "webpack"];
  expect([...new Set(named)].sort()).toEqual(hosts);
  expect(files.filter((name) => name.endsWith(".map"))).toEqual([]);
});
