import { resolve } from "node:path";
import { Command } from "commander";
import { tune as measure } from "../../build/tune/tune.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import {
  type BuildFlags,
  positive,
  precisionOption,
  targetOption,
  threadsOption,
  withModelFlags,
} from "../options.js";
import { print, printJson } from "../terminal.js";
import { tunedText, tunedJson, TuneProgress } from "../tuning.js";

interface Flags extends ModelFlags, Pick<BuildFlags, "target" | "precision"> {
  readonly aux?: boolean;
  readonly threads?: number;
  readonly rounds: number;
}

export const tune = (): Command =>
  withModelFlags(new Command("tune"))
    .description("measure which kernels are fastest on this machine, for builds to go by")
    .argument("<spec>", "a .incept file")
    .addOption(targetOption())
    .addOption(precisionOption(["f32", "bf16"]))
    .option("--aux", "with the auxiliary heads")
    .addOption(threadsOption())
    .option("--rounds <n>", "how often each is timed; the least time counts", positive, 20)
    .addHelpText(
      "after",
      "\nThe times are kept in SPEC's name with .tuned.json, beside it; of bf16 with\n" +
        ".tuned.bf16.json. A build in that precision goes by them where it is made on the\n" +
        "same processor with the same kernels.",
    )
    .action(async (spec: string, { threads, rounds, ...flags }: Flags) => {
      const network = loadNetwork(spec, flags);
      const progress = new TuneProgress(flags.json === true);
      const { target, precision, aux } = flags;
      const request = { spec: resolve(spec), network, target, precision, aux };
      const onProgress = progress.update;
      const tuned = await measure(request, { threads, rounds, onProgress }).finally(progress.end);
      if (flags.json === true) printJson(tunedJson(tuned));
      else print(tunedText(network.name, tuned));
    });
