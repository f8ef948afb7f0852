import { lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { whileWriting } from "../../build/disk/files.js";
import { writeTypes } from "../../build/deliver/types.js";
import { writeBeside } from "../../build/disk/write-beside.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { packageFile } from "../../emit/package.js";
import { declarationFile } from "../../emit/types.js";
import { shownPath } from "../../files/display.js";
import { isCommonJs, packageOf } from "../../files/package-json.js";
import { readRegularSync } from "../../files/read.js";
import { checkFile } from "../../model/check-file.js";
import { type Commands, commandsFor, newPackage } from "./project-package.js";
import { config, configName, prettierAdvice, prettierConfig, usesPrettier } from "./prettier.js";
import { missingOptions } from "./tsconfig.js";

/** What `init` did, and what is left to do by hand. */
export interface Outcome {
  readonly directory: string;
  /** Names of files: those that are new, and those that were there and are as they were. */
  readonly written: string[];
  readonly kept: string[];
  readonly advice: string[];
  readonly commands: Commands;
}

const spec = "tiny.incept";

/**
 * Writes what a project lacks; no file that is there is touched but .gitignore, which gets rows.
 *
 * @param directory absolute; made if absent
 * @throws InceptError `init/not-a-folder` or `file/cannot-write`
 */
export function scaffold(directory: string): Promise<Outcome> {
  return whileWriting(directory, () => {
    requireFolder(directory);
    mkdirSync(directory, { recursive: true });
    return fill(realpathSync(directory));
  });
}

function requireFolder(directory: string): void {
  const link = lstatSync(directory, { throwIfNoEntry: false });
  const target = statSync(directory, { throwIfNoEntry: false });
  if (link === undefined || target?.isDirectory() === true) return;
  const message = `${shownPath(directory)} exists and is not a folder.`;
  throw new InceptError("init/not-a-folder", message);
}

function fill(directory: string): Outcome {
  const written: string[] = [];
  const kept: string[] = [];
  const advice: string[] = [];
  const write = (name: string, text: () => string): boolean => {
    const file = join(directory, name);
    const there = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    if (!there) writeBeside(file, text());
    (there ? kept : written).push(name);
    return !there;
  };

  const isOwn = packageOf(directory) !== undefined;
  // In a package that is none of modules, a file is one by its ending.
  const main = isOwn && isCommonJs(directory) ? "main.mts" : "main.ts";
  write(spec, () => template(spec));
  write(main, () => template("main.ts"));
  write("package.json", () => newPackage(directory, main));
  if (!write("tsconfig.json", () => template("tsconfig.json"))) {
    advice.push(...tsconfigAdvice(join(directory, "tsconfig.json")));
  }
  const prettier = prettierConfig(directory);
  if (prettier !== undefined) advice.push(...prettierAdvice(prettier, directory));
  // Nobody is given Prettier for the sake of specs: `inceptc fmt` lays them out, too.
  else if (!isOwn || usesPrettier(directory)) write(configName, () => config);
  describe(directory, written, kept, advice);
  ignore(directory, written, kept);
  return { directory, written, kept, advice, commands: commandsFor(directory, main) };
}

const template = (name: string): string =>
  readFileSync(packageFile("codegen-templates", "init", name), "utf8");

/** The types of the spec, which is the user's own where there was one of its name. */
function describe(directory: string, written: string[], kept: string[], advice: string[]): void {
  const file = join(directory, spec);
  const types = declarationFile(spec);
  if (lstatSync(join(directory, types), { throwIfNoEntry: false }) !== undefined) {
    kept.push(types);
    return;
  }
  const { network, diagnostics } = checkFile(file);
  if (network === undefined || diagnostics.some(({ severity }) => severity === "error")) {
    advice.push(`mend ${spec}: npx inceptc check ${spec}`);
    return;
  }
  writeTypes(file, network);
  written.push(types);
}

function tsconfigAdvice(file: string): string[] {
  const rows = missingOptions(textOf(file));
  if (rows.length === 0) return [];
  return [
    `add to compilerOptions in tsconfig.json, unless what it extends has it: ${rows.join(", ")}`,
  ];
}

const maxBytes = 1 << 20;

/** A file that was there before. */
const textOf = (path: string): string =>
  readRegularSync({ path, what: `a ${basename(path)}`, maxBytes }).toString("utf8");

/** Adds `.incept/`, where builds go, to .gitignore unless a row names it. */
function ignore(directory: string, written: string[], kept: string[]): void {
  const file = join(directory, ".gitignore");
  const there = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const before = there ? textOf(file) : "";
  const rows = before.split(/\r?\n/);
  const missing = [".incept/", ...(before === "" ? ["node_modules/"] : [])].filter(
    (row) => !rows.includes(row),
  );
  if (missing.length === 0) return void kept.push(".gitignore");
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  writeBeside(file, `${before}${gap}${missing.join("\n")}\n`);
  written.push(".gitignore");
}
