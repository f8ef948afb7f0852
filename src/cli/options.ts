import { type Command, InvalidArgumentError, Option } from "commander";

/** What every verb that compiles takes; `loadModel` has the same under the same names. */
export interface BuildFlags {
  readonly set?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly target: "auto" | "cpu";
  readonly precision: "f32";
  readonly maxBatch: number;
  readonly passes: boolean;
  readonly aux?: boolean;
  readonly builder: "cmake-js" | "node-gyp";
  readonly json?: boolean;
}

/** `--set` and `--model`: what picks the network out of a spec. */
export const withModelFlags = (command: Command): Command =>
  command
    .option("--set <name=value>", "set a parameter of the model (repeatable)", collectSetting)
    .option("--model <name>", "which model of the file, where it has several");

export const withBuildFlags = (command: Command): Command =>
  withModelFlags(command)
    .addOption(
      new Option("--target <target>", "what to compile for")
        .choices(["auto", "cpu"])
        .default("auto"),
    )
    .addOption(
      new Option("--precision <type>", "arithmetic and storage").choices(["f32"]).default("f32"),
    )
    .option("--max-batch <n>", "the largest batch of one native call; more is split", positive, 8)
    .addOption(
      new Option("--builder <tool>", "what builds the addon")
        .choices(["cmake-js", "node-gyp"])
        .default("cmake-js"),
    )
    .option("--aux", "keep the auxiliary heads, as outputs")
    .option("--no-passes", "build the graph as written on the plain reference kernels");

export const threadsOption = (): Option =>
  new Option("--threads <n>", "threads of one instance (default: physical cores)").argParser(
    positive,
  );

export function positive(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  }
  return n;
}

/** `a,b,c` and repetition both add to the list. */
export const collectList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(",").filter((item) => item !== ""),
];

function collectSetting(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as NAME=VALUE, for example classes=10.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
