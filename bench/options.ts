import { Command, InvalidArgumentError, Option } from "commander";

export interface BenchOptions {
  readonly only: readonly string[];
  readonly batch: readonly number[];
  /** Of each network and batch. */
  readonly seconds: number;
  readonly threads: number;
  readonly save: boolean;
}

/**
 * What follows `npm run bench --`. A wrong option, or `--help`, is told and ends the process.
 *
 * @param networks those that `--only` may name
 */
export function benchOptions(networks: readonly string[], argv: readonly string[]): BenchOptions {
  const known = (text: string): string[] =>
    text.split(",").map((name) => {
      if (networks.includes(name)) return name;
      throw new InvalidArgumentError(`There is ${networks.join(", ")}.`);
    });
  return new Command("npm run bench --")
    .description("times the networks of examples/ against ONNX Runtime")
    .addOption(
      new Option("--only <networks>", "some of them, with commas between")
        .argParser(known)
        .default(networks, networks.join(",")),
    )
    .addOption(
      new Option("--batch <sizes>", "images of one run, with commas between")
        .argParser((text) => text.split(",").map(count))
        .default([1, 8], "1,8"),
    )
    .addOption(
      new Option("--seconds <n>", "of each network and batch").argParser(positive).default(5),
    )
    .addOption(new Option("--threads <n>", "of either engine").argParser(count).default(2))
    .option("--save", "write results/<date>-<processor>.json", false)
    .parse([...argv], { from: "user" })
    .opts<BenchOptions>();
}

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
