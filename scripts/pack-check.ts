/**
 * `npm run pack-check`: the package as a stranger meets it. Packs it, lints the tarball, installs it
 * in an empty folder, and types what README types; then loads that under other versions of Node, and
 * types the same in the package that `npm init` makes. It installs from the registry, or from npm's
 * cache where that has what is needed.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otherNodes } from "./other-nodes.js";
import { runCommands, type CheckCommand, type CommandResult, summary } from "./commands.js";

// What npm tells the scripts that it runs, this clone's settings among it, no stranger has.
for (const name of Object.keys(process.env)) {
  if (/^(npm_(package|lifecycle|config_(ignore_scripts|local_prefix))|INIT_CWD)/.test(name)) {
    delete process.env[name];
  }
}

// A space in the path: it must not matter.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "inceptc pack-")));
const bare = join(folder, "bare");
const project = join(bare, "my-net");
const own = join(folder, "Own Package");

const results: CommandResult[] = [];

/** Runs the commands up to one that fails: what follows it would only fail too. */
const run = (commands: readonly CheckCommand[]): boolean =>
  commands.every((command) => {
    const done = runCommands([command]);
    results.push(...done);
    return done.every(({ ok }) => ok);
  });

/** A command as it is typed, in a folder. */
const typed = (cwd: string, ...command: [string, ...string[]]): CheckCommand => ({
  name: command.join(" "),
  command,
  cwd,
});

const install = (cwd: string, ...packages: string[]): CheckCommand => ({
  ...typed(cwd, "npm", "install", ...packages, "--prefer-offline", "--no-audit", "--no-fund"),
  name: "npm install",
});

function pack(): string | undefined {
  const command = ["npm", "run", "pack", "--", "--pack-destination", folder] as const;
  if (!run([{ name: "npm run pack", command: [...command] }])) return undefined;
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const kilobytes = (statSync(tarball).size / 1000).toFixed(0);
  process.stdout.write(`\n${files.length} files, ${kilobytes} kB\n`);
  return tarball;
}

function lint(tarball: string): void {
  const esm = ["--profile", "esm-only", "--no-definitely-typed", "--no-emoji"];
  run([{ name: "publint", command: ["npx", "publint", "run", tarball, "--strict"] }]);
  run([{ name: "arethetypeswrong", command: ["npx", "attw", tarball, ...esm] }]);
}

/** What README types to start a project. */
function startProject(tarball: string): boolean {
  mkdirSync(bare);
  return run([
    install(bare, tarball),
    typed(bare, "npx", "--no-install", "inceptc", "init", "my-net"),
    install(project),
    typed(project, "npm", "run", "check"),
    typed(project, "npx", "--no-install", "prettier", "--check", "."),
    typed(project, "npm", "start"),
  ]);
}

/** In a package of CommonJS, by the commands that `init` prints. */
function joinPackage(tarball: string): void {
  mkdirSync(own);
  // The same spec by the same compiler: one build of it is enough.
  cpSync(join(project, ".incept"), join(own, ".incept"), { recursive: true });
  if (!run([typed(own, "npm", "init", "-y"), install(own, tarball)])) return;
  const init = ["--no-install", "inceptc", "init"];
  const printed = execFileSync("npx", init, { cwd: own, encoding: "utf8" });
  process.stdout.write(printed);
  const commands = printed.match(/^ {2}npm (pkg|install) .*$/gm) ?? [];
  run([
    ...commands.map((command) => ({
      ...typed(own, "sh", "-c", command),
      name: command.trim().split(" ").slice(0, 3).join(" "),
    })),
    typed(own, "npm", "run", "check"),
    typed(own, "npm", "start"),
  ]);
}

/** What `build -o` makes is a package too: of a project that has only the other one. */
function deliverPackage(tarball: string): void {
  const reader = join(folder, "reader");
  mkdirSync(reader);
  const built = join(project, "tiny-module");
  const program = `import net from "tiny"; console.log((await net.load({ weights: "random:1" })).info.model)`;
  run([
    typed(project, "npx", "--no-install", "inceptc", "build", "tiny.incept", "-o", "tiny-module"),
    { name: "publint tiny-module", command: ["npx", "publint", "run", built, "--strict"] },
    typed(built, "npm", "pack", "--pack-destination", reader),
    install(reader, tarball, join(reader, "tiny-0.0.0.tgz")),
    { ...typed(reader, "node", "--input-type=module", "-e", program), name: "import of tiny" },
  ]);
}

try {
  const tarball = pack();
  if (tarball !== undefined) {
    lint(tarball);
    if (startProject(tarball)) {
      joinPackage(tarball);
      deliverPackage(tarball);
      run(otherNodes(project, folder));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${summary(results)}\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
