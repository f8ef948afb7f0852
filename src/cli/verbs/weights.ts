import { Command } from "commander";
import { buildGraph } from "../../graph/build.js";
import { type Parameter, parametersOf } from "../../graph/graph.js";
import { formatShape } from "../../ops/shape.js";
import { Refusal } from "../exit.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import { withModelFlags } from "../options.js";
import { grouped, print, printJson, table } from "../terminal.js";

interface Flags extends ModelFlags {
  readonly aux?: boolean;
}

export const weights = (): Command =>
  withModelFlags(new Command("weights"))
    .description("list the parameters a spec expects, or hold a checkpoint against them")
    .argument("<spec>", "a .incept file")
    .argument("[file]", "a .safetensors checkpoint")
    .option("--aux", "count the auxiliary heads too")
    .action(async (spec: string, file: string | undefined, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const expected = parametersOf(buildGraph(network, { aux: flags.aux === true }));
      if (file === undefined) list(expected, flags);
      else await compare(expected, file, flags);
    });
