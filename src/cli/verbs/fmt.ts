import { Command, InvalidArgumentError } from "commander";
import { writeBeside } from "../../build/disk/write-beside.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Source } from "../../diagnostics/diagnostic.js";
import { renderJson } from "../../diagnostics/render.js";
import { readSource } from "../../model/sources/files.js";
import { defaultWidth, type Formatted, formatSource } from "../../syntax/print/format.js";
import { Refusal } from "../exit.js";
import { findSpecs } from "../fmt/find.js";
import { readStdin } from "../fmt/stdin.js";
import { sayDiagnostics } from "../network.js";
import { print, printData, printJson, say } from "../terminal.js";

interface Flags {
  readonly check?: boolean;
  readonly width: number;
  readonly json?: boolean;
}

interface Result {
  readonly source: Source;
  readonly formatted: Formatted;
  /** Whether it is a spec that was not formatted. */
  readonly changed: boolean;
}

export const fmt = (): Command =>
  new Command("fmt")
    .description("lay specs out: columns, spaces and rows; comments and numbers stay")
    .argument("<path...>", ".incept files, folders of them, or - for stdin to stdout")
    .option("--check", "write nothing; name the files that are not formatted, and exit 1")
    .option(
      "--width <columns>",
      "of rows, 40 to 400; comments at their ends aside",
      columns,
      defaultWidth,
    )
    .addHelpText(
      "after",
      `
A folder stands for the .incept files in it and below, but for hidden ones and
hidden folders, for node_modules, and for what links in it lead to.`,
    )
    .action(async (paths: string[], flags: Flags) => {
      const results = await formatAll(paths, flags.width);
      if (paths.includes("-") && flags.check !== true && flags.json !== true) pipe(results);
      else {
        if (flags.check !== true) results.forEach(write);
        report(results, flags);
      }
      if (results.some((result) => isRefused(result, flags))) throw new Refusal();
    });

function columns(text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 40 && n <= 400) return n;
  throw new InvalidArgumentError("It must be a whole number from 40 to 400.");
}

/** All of them before the first is written: what cannot be read is told with nothing done. */
async function formatAll(paths: readonly string[], width: number): Promise<readonly Result[]> {
  if (paths.includes("-") && paths.length > 1) {
    const what = "- stands for stdin, and takes no other paths beside it.";
    throw new InceptError("args/conflict", what, { help: "format the files by themselves" });
  }
  const sources = paths[0] === "-" ? [await readStdin()] : findSpecs(paths).map(readSource);
  const once = new Map(sources.map((source) => [source.file, source]));
  return [...once.values()].map((source) => {
    const formatted = formatSource(source, width);
    const changed = formatted.text !== undefined && formatted.text !== source.text;
    return { source, formatted, changed };
  });
}

function write({ source, formatted, changed }: Result): void {
  if (changed && source.file !== undefined) writeBeside(source.file, formatted.text!);
}

/** The text alone: an editor puts it in the place of the one that it sent. */
function pipe([result]: readonly Result[]): void {
  const { formatted } = result!;
  if (formatted.text === undefined) sayDiagnostics(formatted.diagnostics);
  else printData(formatted.text);
}

const isRefused = ({ formatted, changed }: Result, { check }: Flags): boolean =>
  formatted.text === undefined || (check === true && changed);

function report(results: readonly Result[], { check, json }: Flags): void {
  const findings = results.flatMap(({ formatted }) =>
    formatted.text === undefined ? formatted.diagnostics : [],
  );
  if (json === true) {
    const files = results.map(({ source, formatted, changed }) => ({
      file: source.path,
      changed,
      // Nobody else has it.
      ...(source.file === undefined && check !== true ? { text: formatted.text } : {}),
    }));
    return printJson({ files, findings: renderJson(findings) });
  }
  sayDiagnostics(findings);
  const changed = results.filter((result) => result.changed);
  for (const { source } of changed) print(source.path);
  const wrong = results.filter(({ formatted }) => formatted.text === undefined).length;
  const isGood = wrong === 0 && (check !== true || changed.length === 0);
  const said = [
    changed.length === 0 && wrong === 0
      ? "formatted already"
      : `${changed.length} ${check === true ? "to be formatted" : "formatted"}`,
    ...(wrong > 0 ? [`${wrong} with errors`] : []),
  ];
  say(`${isGood ? "✔" : "✖"} ${counted(results.length, "spec")}: ${said.join(", ")}`);
}
