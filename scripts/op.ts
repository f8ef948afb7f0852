/** `npm run op -- NAME`: one operator of the language judged, timed, or looked up, while it is made. */
import { Command, InvalidArgumentError, Option } from "commander";
import { families } from "../test/judges/operators/cases.js";
import { gpuWays } from "../test/judges/cuda/ways.js";
import { bothWays } from "../test/judges/operators/ways.js";
import { gradientsOf } from "./op/grad.js";
import { judgeOperator } from "./op/judge.js";
import { perfOf } from "./op/perf.js";
import { supportOf } from "./op/support.js";

interface Flags {
  readonly target: "cpu" | "cuda-sim";
  readonly mode: "test" | "grad" | "perf" | "support";
  readonly seed: number;
  readonly count: number;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number");
  return Number(text);
}

await new Command("npm run op --")
  .description("judges one operator or its gradient, times it, or shows what it has")
  .argument("<name>", "an operator or join, as a spec calls it")
  .addOption(new Option("--target <name>").choices(["cpu", "cuda-sim"]).default("cpu"))
  .addOption(
    new Option("--mode <name>").choices(["test", "grad", "perf", "support"]).default("test"),
  )
  .option("--seed <n>", "of the shapes and values that are drawn", whole, 1)
  .option("--count <n>", "how many calls are drawn", whole, 22)
  .action(async (name: string, { target, mode, seed, count }: Flags) => {
    if (!Object.hasOwn(families, name)) {
      process.stderr.write(`There is no ${name}; there are ${Object.keys(families).join(", ")}.\n`);
      process.exitCode = 2;
      return;
    }
    const ways = target === "cpu" ? bothWays : gpuWays;
    const modes = {
      test: () => judgeOperator(name, { ways, seed, count }),
      grad: () => gradientsOf(name, seed, count),
      perf: () => perfOf(name, seed),
      support: () => supportOf(name),
    };
    process.stdout.write(`${(await modes[mode]()).join("\n")}\n`);
  })
  .parseAsync();
