import { Command, CommanderError, Option } from "commander";
import { version } from "../emit/package.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { exitCode, Interrupted, Refusal } from "./exit.js";
import { errorJson, handleBrokenOutput, printJson, printLine, say } from "./terminal.js";

/** In the order of `--help`; each is loaded when it is called, since loading all takes longest. */
const verbs: Readonly<Record<string, () => Promise<() => Command>>> = {
  init: async () => (await import("./verbs/init.js")).init,
  check: async () => (await import("./verbs/check.js")).check,
  fmt: async () => (await import("./verbs/fmt.js")).fmt,
  explain: async () => (await import("./verbs/explain.js")).explain,
  build: async () => (await import("./verbs/build.js")).build,
  tune: async () => (await import("./verbs/tune.js")).tune,
  run: async () => (await import("./verbs/run.js")).run,
  predict: async () => (await import("./verbs/predict.js")).predict,
  train: async () => (await import("./verbs/train.js")).train,
  eval: async () => (await import("./verbs/eval.js")).evaluate,
  weights: async () => (await import("./verbs/weights.js")).weights,
  import: async () => (await import("./verbs/import.js")).importVerb,
  export: async () => (await import("./verbs/export.js")).exportVerb,
  bench: async () => (await import("./verbs/bench.js")).bench,
  doctor: async () => (await import("./verbs/doctor.js")).doctor,
  cache: async () => (await import("./verbs/cache.js")).cache,
};

/** Whose `--json` is an object a line, an error too. */
const inLines: readonly string[] = ["train"];

/** The command line of the verb that is called, or of all: for help, and to suggest a name. */
async function program([called = ""]: readonly string[]): Promise<Command> {
  const root = new Command("inceptc")
    .description("Compiles .incept networks to native code and runs them.")
    .version(version, "-V, --version")
    .helpOption("-h, --help")
    .showHelpAfterError("(run with --help for the verbs and their options)")
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 the answer is no, 2 could not run, 70 a bug, 130 stopped.",
    );
  const known = Object.hasOwn(verbs, called) ? [verbs[called]!] : Object.values(verbs);
  for (const load of known) root.addCommand(addJson((await load())()));
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ writeErr: (text) => say(text.trimEnd()) });
  }
  return root;
}

const addJson = (command: Command): Command =>
  command.addOption(new Option("--json", "print the answer, and errors, as JSON on stdout"));

/** Runs the command line and returns the exit code; every error has been printed. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    requireWorkingFolder();
    await (await program(argv)).parseAsync(argv, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    const [verb = ""] = argv;
    const tellJson = inLines.includes(verb) ? printLine : printJson;
    return report(error, argv.includes("--json") ? tellJson : undefined);
  }
}

/** No relative path means anything in a folder that is gone. */
function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new InceptError("file/not-found", "The working folder does not exist any more.", {
      help: "change to another one",
      cause,
    });
  }
}

/** @param tellJson for a program; absent where a person reads */
function report(error: unknown, tellJson: ((value: unknown) => void) | undefined): number {
  if (error instanceof Refusal) return exitCode.no;
  if (error instanceof Interrupted) return exitCode.interrupted;
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCode.ok : exitCode.couldNot;
  if (error instanceof InceptError) {
    if (tellJson === undefined) say(error.toString());
    else tellJson({ error: errorJson(error) });
    return error.code.startsWith("bug/") ? exitCode.bug : exitCode.couldNot;
  }
  if (error instanceof TypeError || error instanceof RangeError) {
    if (isWrongCall(error)) {
      if (tellJson === undefined) say(`${error.name}: ${error.message}`);
      else tellJson({ error: { code: "args/wrong", message: error.message } });
      return exitCode.couldNot;
    }
  }
  say(`This is a bug in inceptc ${version}; please report it with the spec and the command.`);
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCode.bug;
}

/** Our own argument errors are sentences; the engine's ("x is not a function") are not. */
const isWrongCall = (error: Error): boolean => /[.?]$/.test(error.message);

handleBrokenOutput();
// Node's own listener would add advice for people who write Node programs.
process.removeAllListeners("warning");
process.on("warning", ({ message }) => say(`warning: ${message}`));
process.exitCode = await main(process.argv.slice(2));
