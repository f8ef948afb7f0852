import { resolve } from "node:path";
import { Command } from "commander";
import { typesAreStale } from "../../build/deliver/types.js";
import { counted } from "../../diagnostics/counted.js";
import { fixAll } from "../../diagnostics/fixes.js";
import { renderJson } from "../../diagnostics/render.js";
import { declarationFile } from "../../emit/types.js";
import { shellWord } from "../../files/display.js";
import type { Checked } from "../../model/check.js";
import { checkFile, checkSource } from "../../model/check-file.js";
import { readSource } from "../../model/sources/files.js";
import { Refusal } from "../exit.js";
import { type ModelFlags, sayDiagnostics } from "../network.js";
import { withModelFlags } from "../options.js";
import { print, printJson, say } from "../terminal.js";
import { watching } from "../watch.js";
import { writeBeside } from "../../build/disk/write-beside.js";

interface Flags extends ModelFlags {
  readonly fix?: boolean;
  readonly watch?: boolean;
}

interface Result extends Checked {
  readonly spec: string;
  /** How many fixes `--fix` wrote; absent without it. */
  readonly fixed?: number;
}

export const check = (): Command =>
  withModelFlags(new Command("check"))
    .description("find what is wrong in a spec, without building it")
    .argument("<spec...>", ".incept files")
    .option("--fix", "write what cannot change the meaning; a suggestion is yours to decide")
    .option("--watch", "check again after every change")
    .action(async (specs: string[], flags: Flags) => {
      if (flags.watch !== true) {
        if (report(checkAll(specs, flags), flags) > 0) throw new Refusal();
        return;
      }
      await watching(
        specs.map((spec) => resolve(spec)),
        () => specs.flatMap((spec) => checkFile(spec, flags).files),
        (wrote) => void report(checkAll(specs, flags, wrote), flags),
      );
    });

/** @param wrote called with each file that is written, also by the name that the spec has here */
const checkAll = (
  specs: readonly string[],
  flags: Flags,
  wrote: (file: string) => void = () => undefined,
): readonly Result[] =>
  specs.map((spec) => {
    const fixed = flags.fix === true ? { fixed: fix(spec, flags, wrote) } : {};
    return { spec, ...fixed, ...checkFile(spec, flags) };
  });

/** Writes what is certain; gives how many fixes that were. */
function fix(spec: string, flags: Flags, wrote: (file: string) => void): number {
  const source = readSource(spec);
  const { text, applied } = fixAll(source, (each) => checkSource(each, flags).diagnostics);
  if (applied === 0) return 0;
  writeBeside(spec, text);
  wrote(resolve(spec));
  if (source.file !== undefined) wrote(source.file);
  return applied;
}

/** Prints what was found; gives the number of errors. */
function report(results: readonly Result[], flags: Flags): number {
  const findings = results.flatMap(({ diagnostics }) => diagnostics);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (flags.json === true) {
    if (flags.fix === true) results.forEach(sayFixes);
    printJson(renderJson(findings));
    return errors;
  }
  sayDiagnostics(findings);
  results.forEach(sayFixes);
  for (const { spec, network } of results) {
    if (network !== undefined && typesAreStale(spec, network)) {
      say(`${declarationFile(spec)} is out of date: run inceptc build ${shellWord(spec)}`);
    }
  }
  print(verdict(results.length, errors, findings.length - errors));
  return errors;
}

/** What `--fix` did and left; without it, what it would do. */
function sayFixes({ spec, fixed, diagnostics, files }: Result): void {
  const own = diagnostics.filter(({ span }) => span.source.file === files[0]);
  const certain = own.filter(({ fixes }) => fixes.length > 0).length;
  const open = own.filter(({ fixes, suggestions }) => fixes.length === 0 && suggestions.length > 0);
  if (fixed === undefined) {
    if (certain > 0) say(`${spec}: --fix writes ${counted(certain, "fix", "fixes")}`);
    return;
  }
  const said = [
    ...(fixed > 0 ? [`${counted(fixed, "fix", "fixes")} applied`] : []),
    ...(open.length > 0 ? [`${counted(open.length, "suggestion")} left for you to decide`] : []),
  ];
  if (said.length > 0) say(`${spec}: ${said.join(", ")}`);
}

function verdict(specs: number, errors: number, warnings: number): string {
  const findings = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ].join(", ");
  const subject = counted(specs, "spec");
  return errors > 0 ? `✖ ${subject}: ${findings}` : `✔ ${subject}: ${findings || "nothing to say"}`;
}
