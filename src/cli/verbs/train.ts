import { join, resolve } from "node:path";
import { Command } from "commander";
import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { openRunData, requireClasses } from "../train/data.js";
import { type TrainFlags, withTrainFlags } from "../train/flags.js";
import { loadNetwork, requireTrainable } from "../network.js";
import { RunFolder } from "../train/run-folder.js";
import { type Prepared, standingOf, trainIn } from "../train/train-in.js";
import { checkedOptions } from "../train/open-trainer.js";
import { runSettings } from "../train/settings.js";
import { trainerOptions } from "../train/trainer-options.js";
import { requireBatch, requireSameData } from "../train/data-fits.js";

export const train = (): Command =>
  withTrainFlags(new Command("train"))
    .description("train a network on pictures, with curves and checkpoints")
    .argument("<spec>", "a .incept file")
    .addHelpText(
      "after",
      `
Flags override the spec's train { … }; a resumed run keeps what it was begun with.
The folder of a run: last.checkpoint and best.checkpoint, curves.csv and curves.svg,
weights.safetensors of the best epoch (by validation, else of the last), labels.txt.
Ctrl-C ends the step under way, saves, and says how to go on (exit code 130).`,
    )
    .action(async (spec: string, flags: TrainFlags) => {
      const network = loadNetwork(spec, flags);
      requireTrainable(network, flags);
      const prepared = await prepare(spec, network, flags);
      await prepared.folder.hold(() => trainIn(prepared));
    });

/** All that can be wrong is told before anything is written or compiled. */
async function prepare(spec: string, network: Network, flags: TrainFlags): Promise<Prepared> {
  const folder = new RunFolder(flags.out ?? join("runs", network.name));
  if (flags.resume !== true) folder.requireFresh();
  const before =
    flags.resume === true && folder.requireBegun() ? await standingOf(folder, network) : undefined;
  const trainable = trainableOf(network);
  const settings = runSettings(flags, before?.record, trainable.train.epochs);
  const base = {
    ...trainable.train,
    ...before?.checkpoint.state.settings,
    epochs: settings.epochs,
  };
  const asked = trainerOptions(trainable, flags, base, before && resolve(folder.file("last")));
  const options = await checkedOptions(network, asked);
  const data = await openRunData(settings);
  requireClasses(network, data.train);
  if (before !== undefined) requireSameData(before, { data, asked });
  const batch = asked.batch ?? base.batch;
  requireBatch(data.train, batch);
  return { ...{ spec, network, flags, folder, before, settings, options, data, batch } };
}
