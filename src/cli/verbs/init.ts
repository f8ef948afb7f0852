import { join, resolve } from "node:path";
import { Command } from "commander";
import { examine } from "../../build/health/health.js";
import { shellWord, shownPath } from "../../files/display.js";
import { type Outcome, scaffold } from "../init/scaffold.js";
import { print, printJson, say } from "../terminal.js";

export const init = (): Command =>
  new Command("init")
    .description("start a project: a spec and its types, a TypeScript caller, tsconfig, .gitignore")
    .argument("[dir]", "the folder, made if absent", ".")
    .addHelpText("after", "\nFiles that are there already are kept as they are.")
    .action(async (dir: string, options: { json?: boolean }) => {
      const outcome = await scaffold(resolve(dir));
      if (options.json === true) printJson(outcome);
      else report(dir, outcome);
    });

function report(dir: string, { written, kept, advice, commands }: Outcome): void {
  for (const name of written) say(`  wrote ${shownPath(join(dir, name))}`);
  for (const name of kept) say(`  kept  ${shownPath(join(dir, name))}`);
  for (const row of advice) say(`  next: ${row}`);
  const enter = resolve(dir) === process.cwd() ? [] : [`cd ${shownPath(shellWord(dir))}`];
  print(ready([...enter, ...commands.before, commands.start]));
  const width = Math.max(commands.start.length, commands.check.length);
  print(
    `  ${commands.start.padEnd(width)}  compiles the network once, up to a minute, and runs it`,
  );
  print(`  ${commands.check.padEnd(width)}  checks the types; nothing is compiled`);
  for (const lack of lacking()) print(lack);
}

/** One row where it fits; else, for what is added to a package.json, a row each. */
function ready(commands: readonly string[]): string {
  const row = `Ready. Next: ${commands.join(" && ")}`;
  if (row.length <= 80) return row;
  return ["Ready. Next:", ...commands.map((command) => `  ${command}`), "", ""].join("\n");
}

/** A machine without a compiler can still edit and check. */
function lacking(): readonly string[] {
  const findings = examine().filter(({ ok, required }) => required && !ok);
  return findings.map(
    ({ name, found, help }) =>
      `Before it compiles, this machine needs: ${name}. ${found}${help === undefined ? "" : `\n  help: ${help}`}`,
  );
}
