import { Command } from "commander";
import { tryFile } from "../../build/disk/writable.js";
import { writeBeside } from "../../build/disk/write-beside.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { channels } from "../../ops/shape.js";
import type { Network } from "../../model/network.js";
import { openArtefact } from "../../runtime/artefact.js";
import { NetworkModule } from "../../runtime/module.js";
import { evaluateModel } from "../../runtime/train/evaluate-model.js";
import { mostConfused } from "../../runtime/train/scores.js";
import type { Evaluation, Losses, Score } from "../../runtime/train/types.js";
import type { NetworkTypes } from "../../runtime/types.js";
import { built, requestOf } from "../artefact.js";
import { ConfusionTable } from "../eval/confusion.js";
import { outputText } from "../eval/report.js";
import { trainedClasses } from "../eval/trained-classes.js";
import { classesOf, openTestData, requirePictures } from "../labelled.js";
import { loadOptions, type LoadFlags } from "../load-options.js";
import { loadNetwork, requireTrainable } from "../network.js";
import { type BuildFlags, threadsOption, withBuildFlags } from "../options.js";
import { withNamingFlags } from "../naming.js";
import { print, printJson, say } from "../terminal.js";

interface Flags extends BuildFlags, LoadFlags {
  readonly data: string;
  readonly confusion?: string;
  readonly skipBroken?: boolean;
}

export const evaluate = (): Command =>
  withNamingFlags(withBuildFlags(new Command("eval")))
    .description("judge a network on pictures whose classes are known")
    .argument("<spec>", "a .incept file")
    .option("--weights <file>", "a checkpoint: .safetensors, .pth, .h5, …; or random:SEED")
    .requiredOption("--data <path>", "pictures: a folder or file of a known kind")
    .option("--confusion <file>", "write which class was taken for which, as CSV")
    .option("--skip-broken", "tell of pictures that cannot be read, and go on without them")
    .addOption(threadsOption())
    .addHelpText(
      "after",
      "\nOf data with a part for validation or tests that part is taken, else all.",
    )
    .action(async (spec: string, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      requireTrainable(network, flags);
      const request = requestOf(spec, network, flags);
      const options = await loadOptions(request, flags);
      const pictures = await openTestData(flags.data);
      const labels = await trainedClasses(flags.weights, flags.key);
      requirePictures("inceptc eval", network, pictures, { trained: labels });
      if (flags.confusion !== undefined) {
        requireTable(classesOf(network)!);
        await tryFile(flags.confusion);
      }
      const artefact = await built(request, flags.json === true);
      const net = new NetworkModule(artefact, () => Promise.resolve(artefact));
      await using model = await net.load(options);
      const judged = { manifest: artefact.manifest, addon: openArtefact(artefact), model };
      const found = await evaluateModel("inceptc eval", judged, pictures, {
        labels,
        warn: (message) => say(`warning: ${message}`),
        ...(flags.skipBroken === true
          ? { onBroken: (error: InceptError) => say(`skipped: ${error.message}`) }
          : {}),
      });
      const names = network.labels?.names ?? labels ?? pictures.labels;
      report(network, names, found, flags);
    });

function requireTable(classes: number): void {
  if (classes <= mostConfused) return;
  const is = `There is no table of ${classes} classes to write.`;
  throw new InceptError("args/conflict", is, {
    help: `leave --confusion out: it is for an output of ${mostConfused} classes at most`,
  });
}

type Found = Evaluation<NetworkTypes, Losses<NetworkTypes>>;

function report(
  network: Network,
  names: readonly string[] | undefined,
  found: Found,
  flags: Flags,
): void {
  const outputs = Object.entries<Score>(found.outputs).map(([name, score]) => {
    const { confusion } = score;
    const count = channels(network.members.find((member) => member.name === name)!.chain.output);
    const labels = Array.from({ length: count }, (_, i) => names?.[i] ?? String(i));
    return {
      ...{ name, score },
      table: confusion === undefined ? undefined : new ConfusionTable(confusion, labels),
    };
  });
  const [first] = outputs;
  if (flags.confusion !== undefined) writeBeside(flags.confusion, first!.table!.csv());
  if (flags.json === true) {
    return printJson({
      ...{ model: network.name, examples: found.examples, loss: found.loss },
      outputs: outputs.map(({ name, score: { confusion: _, ...score }, table }) => ({
        ...{ name, ...score },
        classes: table?.classes,
        confused: table?.confused(Infinity),
        confusion: table?.classes.map((_, i) => table.row(i)),
      })),
    });
  }
  for (const { name, score, table } of outputs) {
    print(outputText(name, score, found.examples, table));
  }
}
