import { builders, cpuChoices, precisions, targetNames } from "../build/choose/choices.js";
import type { GpuPrecision } from "../targets/program.js";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What every verb that compiles takes; `loadModel` has the same under the same names. */
export interface BuildFlags {
  readonly set?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly root?: string;
  readonly target: (typeof targetNames)[number];
  readonly precision: GpuPrecision;
  readonly cpu?: (typeof cpuChoices)[number];
  readonly arch?: readonly number[];
  readonly maxBatch: number;
  readonly passes: boolean;
  readonly algebra?: boolean;
  readonly strict?: boolean;
  readonly without?: readonly string[];
  readonly force?: readonly string[];
  readonly aux?: boolean;
  readonly train?: boolean;
  readonly builder: "cmake-js" | "node-gyp";
  readonly json?: boolean;
}

/** `--set`, `--model` and `--root`: what picks the network out of a spec, and what it may read. */
export const withModelFlags = (command: Command): Command =>
  command
    .option("--set <name=value>", "set a parameter of the model (repeatable)", collectSetting)
    .option("--model <name>", "which model of the file, where it has several")
    .option(
      "--root <dir>",
      "let imports and labels name files in there too, not only the project's",
    );

export const withBuildFlags = (command: Command): Command =>
  withModelFlags(command)
    .addOption(targetOption())
    .addOption(precisionOption())
    .addOption(cpuOption())
    .addOption(
      new Option("--arch <list>", "GPUs to make machine code for: 80,90 (default: all)").argParser(
        collectArchitectures,
      ),
    )
    .option("--max-batch <n>", "the largest batch of one native call; more is split", positive, 8)
    .addOption(
      new Option("--builder <tool>", "what builds the addon").choices(builders).default("cmake-js"),
    )
    .option("--aux", "keep the auxiliary heads, as outputs")
    .option("--no-passes", "build the graph as written on the plain reference kernels")
    .addOption(algebraOption())
    .addOption(strictOption())
    .addOption(withoutOption())
    .addOption(forceOption());

export const trainOption = (): Option =>
  new Option("--train", "compile what trains the network, too: losses as the spec says; CPU");

export const algebraOption = (): Option =>
  new Option("--no-algebra", "compute linear layers in a row one by one, as written");

export const strictOption = (): Option =>
  new Option("--strict", "sum what the definitions sum: no algebra, no Winograd");

export const withoutOption = (): Option =>
  new Option("--without <pass>", "leave one pass out (repeatable)").argParser(collectList);

export const forceOption = (): Option =>
  new Option(
    "--force <kernel>",
    "take it wherever it can be: conv.direct, conv.direct:2x14 (repeatable)",
  ).argParser(collectList);

export const targetOption = (): Option =>
  new Option("--target <target>", "what to compile for").choices(targetNames).default("auto");

/** @param choices which of them the verb takes */
export const precisionOption = (choices: readonly string[] = precisions): Option =>
  new Option(
    "--precision <type>",
    `arithmetic and storage${choices.includes("tf32") ? "; tf32 and f16 need a GPU" : ""}`,
  )
    .choices(choices)
    .default("f32");

/** @param choices which of them the verb takes */
export const cpuOption = (choices: readonly string[] = cpuChoices): Option =>
  new Option(
    "--cpu <set>",
    `instructions of the CPU${choices.includes("all") ? "; all: picks when loaded" : ""} (default: native)`,
  ).choices(choices);

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

/** `80,90`, or `sm_90` as the vendor writes it. */
function collectArchitectures(text: string, before: readonly number[] = []): readonly number[] {
  const numbers = text.split(",").map((item) => Number(item.trim().replace(/^sm_/, "")));
  if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
    throw new InvalidArgumentError("Write numbers such as 80,90 for sm_80 and sm_90.");
  }
  return [...before, ...numbers];
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
