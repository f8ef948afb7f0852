import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/cli.js";

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
  execFileSync("npm", ["run", "bundle"], { stdio: "pipe" });
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
