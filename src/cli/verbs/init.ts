import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Command } from "commander";
import { whileWriting } from "../../build/files.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { packageFile, version } from "../../emit/package.js";
import { shellWord } from "../../files/display.js";
import { readRegularSync } from "../../files/read.js";
import { print, printJson, say } from "../terminal.js";
import { writeBeside } from "../../build/write-beside.js";

interface Outcome {
  readonly directory: string;
  readonly written: string[];
  readonly kept: string[];
  readonly advice: string[];
}

export const init = (): Command =>
  new Command("init")
    .description("start a project: a spec, its TypeScript caller, tsconfig.json, .gitignore")
    .argument("[dir]", "the folder, made if absent", ".")
    .addHelpText("after", "\nFiles that are there already are kept as they are.")
    .action(async (dir: string, options: { json?: boolean }) => {
      const directory = resolve(dir);
      const outcome = await whileWriting(directory, () => scaffold(directory));
      if (options.json === true) printJson(outcome);
      else report(dir, outcome);
    });

function scaffold(directory: string): Outcome {
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    throw new InceptError("init/not-a-folder", `${directory} exists and is not a folder.`);
  }
  mkdirSync(directory, { recursive: true });
  const outcome: Outcome = { directory, written: [], kept: [], advice: [] };
  write(outcome, "tiny.incept", template("tiny.incept"));
  write(outcome, "main.ts", template("main.ts"));
  if (!write(outcome, "package.json", packageJson(directory))) {
    outcome.advice.push(`npm install inceptc@^${version} && npm install -D tsx typescript`);
  }
  if (!write(outcome, "tsconfig.json", template("tsconfig.json"))) {
    adviseOnTsconfig(outcome);
  }
  ignore(outcome);
  return outcome;
}

const template = (name: string): string =>
  readFileSync(packageFile("codegen-templates", "init", name), "utf8");

/** Writes the file unless one of that name is there; tells which. */
function write(outcome: Outcome, name: string, text: string): boolean {
  const file = join(outcome.directory, name);
  if (existsSync(file)) {
    outcome.kept.push(name);
    return false;
  }
  writeBeside(file, text);
  outcome.written.push(name);
  return true;
}

/** Of a package, as npm allows. */
const longestName = 214;

function packageJson(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "")
    .slice(0, longestName);
  const content = {
    name: name === "" ? "incept-project" : name,
    private: true,
    type: "module",
    scripts: { start: "node --import inceptc/register --import tsx main.ts", check: "tsc" },
    dependencies: { inceptc: `^${version}` },
    devDependencies: { "@types/node": "^20.19.0", tsx: "^4.20.0", typescript: "^5.9.0" },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function adviseOnTsconfig(outcome: Outcome): void {
  const text = textOf(join(outcome.directory, "tsconfig.json"));
  if (/"allowArbitraryExtensions"\s*:\s*true/.test(text)) return;
  outcome.advice.push(
    'add "allowArbitraryExtensions": true to compilerOptions of tsconfig.json, so that TypeScript finds tiny.d.incept.ts',
  );
}

/** Adds `.incept/`, where builds go, to .gitignore unless a row names it. */
function ignore(outcome: Outcome): void {
  const file = join(outcome.directory, ".gitignore");
  const before = existsSync(file) ? textOf(file) : "";
  const rows = before.split(/\r?\n/);
  const missing = [".incept/", ...(before === "" ? ["node_modules/"] : [])].filter(
    (row) => !rows.includes(row),
  );
  if (missing.length === 0) return void outcome.kept.push(".gitignore");
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  writeBeside(file, `${before}${gap}${missing.join("\n")}\n`);
  outcome.written.push(".gitignore");
}

const maxBytes = 1 << 20;

/** A file that was there before. */
const textOf = (path: string): string =>
  readRegularSync({ path, what: `a ${basename(path)}`, maxBytes }).toString("utf8");

function report(dir: string, outcome: Outcome): void {
  for (const name of outcome.written) say(`  wrote ${join(dir, name)}`);
  for (const name of outcome.kept) say(`  kept  ${join(dir, name)}`);
  for (const advice of outcome.advice) say(`  next: ${advice}`);
  const enter = dir === "." || dir === "" ? "" : `cd ${shellWord(dir)} && `;
  print(`Ready. Next: ${enter}npm install && npm start`);
}
