import { Command, InvalidArgumentError, Option } from "commander";
import { precisionOption } from "../src/cli/options.js";
import { type CpuLevel, type CpuPrecision, levelsHere } from "../src/targets/cpu/level.js";
import { builtExamples } from "../test/support/examples.js";
import { networks } from "./cases.js";

export interface BenchOptions {
  readonly only: readonly string[];
  readonly batch: readonly number[];
  /** Of each engine, network and batch, at least. */
  readonly runs: number;
  readonly save: boolean;
}

/** What follows `npm run bench --`. A wrong option, or `--help`, is told and ends the process. */
export const benchOptions = (argv: readonly string[]): BenchOptions =>
  new Command("npm run bench --")
    .description("times networks of examples/ beside ONNX Runtime, a process each, in turns")
    .addOption(onlyOption(networks))
    .addOption(
      new Option("--batch <sizes>", "images of one run, with commas between")
        .argParser((text) => text.split(",").map(count))
        .default([1, 8], "1,8"),
    )
    .addOption(new Option("--runs <n>", "that are timed, at least").argParser(count).default(30))
    .option("--save", "write results/<date>-<processor>.json, and a picture", false)
    .parse([...argv], { from: "user" })
    .opts<BenchOptions>();

export interface TrainingOptions {
  readonly only: readonly string[];
  readonly threads: number;
  readonly runs: number;
  readonly rounds: number;
  /** With torch and numpy. */
  readonly python: string;
}

/** What follows `npm run bench:training --`. */
export const trainingOptions = (
  networks: readonly string[],
  argv: readonly string[],
): TrainingOptions =>
  new Command("npm run bench:training --")
    .description("times a training batch beside PyTorch, a process each, in turns")
    .addOption(onlyOption(networks))
    .addOption(new Option("--threads <n>", "of either engine").argParser(count).default(2))
    .addOption(new Option("--runs <n>", "of each process").argParser(count).default(10))
    .addOption(new Option("--rounds <n>", "of processes, in turns").argParser(count).default(3))
    .option("--python <program>", "one that has torch and numpy", "python3")
    .parse([...argv], { from: "user" })
    .opts<TrainingOptions>();

const onlyOption = (networks: readonly string[]): Option =>
  new Option("--only <networks>", "some of them, with commas between")
    .argParser((text) =>
      text.split(",").map((name) => {
        if (networks.includes(name)) return name;
        throw new InvalidArgumentError(`There is ${networks.join(", ")}.`);
      }),
    )
    .default(networks, networks.join(","));

export interface ServerOptions {
  readonly clients: number;
  /** Of each engine, setting and round. */
  readonly seconds: number;
  readonly rounds: number;
}

/** What follows `npm run bench:server --`. */
export const serverOptions = (argv: readonly string[]): ServerOptions =>
  new Command("npm run bench:server --")
    .description("serves GoogLeNet, threads against instances, beside ONNX Runtime")
    .addOption(new Option("--clients <n>", "that ask at the same time").argParser(count).default(4))
    .addOption(
      new Option("--seconds <n>", "of each engine, setting and round")
        .argParser(positive)
        .default(5),
    )
    .addOption(
      new Option("--rounds <n>", "of which the typical one is shown").argParser(count).default(3),
    )
    .parse([...argv], { from: "user" })
    .opts<ServerOptions>();

export interface CostsOptions {
  readonly examples: readonly string[];
  readonly rounds: number;
  readonly precision: CpuPrecision;
  readonly level: CpuLevel;
  readonly json: boolean;
}

/** What follows `npm run bench:costs --`. */
export function costsOptions(argv: readonly string[]): CostsOptions {
  const command = new Command("npm run bench:costs --")
    .description("what kernels say that they cost, beside what they take")
    .argument("[example...]", "names below examples/ (default: those that tests build)")
    .addOption(
      new Option("--rounds <n>", "how often each is timed; the least time counts")
        .argParser(count)
        .default(30),
    )
    .addOption(precisionOption(["f32", "bf16"]))
    .addOption(
      new Option(
        "--cpu <set>",
        "instructions, of those that there are here (default: the best)",
      ).choices(levelsHere("bf16")),
    )
    .option("--json", "every layer, as JSON", false)
    .parse([...argv], { from: "user" });
  const { cpu, ...flags } = command.opts<
    Omit<CostsOptions, "level" | "examples"> & { cpu?: CpuLevel }
  >();
  const known = levelsHere(flags.precision);
  const level = cpu ?? known[0]!;
  if (!known.includes(level))
    command.error(`error: in ${flags.precision} it is --cpu ${known.join(", ")}`);
  const examples = command.args.length === 0 ? builtExamples : command.args;
  return { ...flags, examples, level };
}

function count(text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}

function positive(text: string): number {
  const n = Number(text);
  if (Number.isFinite(n) && n > 0) return n;
  throw new InvalidArgumentError("It must be a number above 0.");
}
