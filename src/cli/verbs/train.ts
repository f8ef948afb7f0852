import { join, resolve } from "node:path";
import { Command } from "commander";
import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { openRunData, type RunData } from "../train/data.js";
import { type TrainFlags, withTrainFlags } from "../train/flags.js";
import { requirePictures } from "../labelled.js";
import { loadNetwork, requireTrainable } from "../network.js";
import { RunFolder } from "../train/run-folder.js";
import { type Prepared, requireOwn, standingOf, trainIn } from "../train/train-in.js";
import { checkedOptions } from "../train/open-trainer.js";
import { runSettings } from "../train/settings.js";
import { trainerOptions } from "../train/trainer-options.js";
import { requireBatch, requireSameData } from "../train/data-fits.js";
import { fits } from "../../runtime/train/patterns.js";
import {
  freshByClasses,
  freshText,
  keptFront,
  keptText,
  requireBeginning,
} from "../train/begin.js";
import { withClassesOf } from "../train/classes.js";
import { printLine, say } from "../terminal.js";
import type { AskedTrainer } from "../train/trainer-options.js";

export const train = (): Command =>
  withTrainFlags(new Command("train"))
    .description("train a network on pictures, with curves and checkpoints")
    .argument("<spec>", "a .incept file")
    .addHelpText(
      "after",
      `
Flags override the spec's train { … }; a resumed run keeps what it was begun
with: --weights (with --key, --rename, --by-order), --fresh, --init and
--no-keep-features change nothing of it.
The folder of a run: last.checkpoint and best.checkpoint, curves.csv and
curves.svg, weights.safetensors of the best epoch (by validation, else of the
last), labels.txt.
Ctrl-C ends the step under way, saves, and says how to go on (exit code 130).`,
    )
    .action(async (spec: string, flags: TrainFlags) => {
      const written = loadNetwork(spec, flags, printLine);
      requireTrainable(written, flags, printLine);
      const prepared = await prepare(spec, written, flags);
      await prepared.folder.hold(() => trainIn(prepared));
    });

/** All that can be wrong is told before anything is written or compiled. */
async function prepare(spec: string, written: Network, flags: TrainFlags): Promise<Prepared> {
  const folder = new RunFolder(flags.out ?? join("runs", written.name));
  if (flags.resume !== true) await folder.requireFresh();
  const before =
    flags.resume === true && folder.requireBegun() ? await standingOf(folder) : undefined;
  const { epochs } = trainableOf(written).train;
  // One that was ended before its first checkpoint has its record, too.
  const record = before?.record ?? (flags.resume === true ? folder.record() : undefined);
  const settings = runSettings(flags, record, epochs);
  const data = await openRunData(settings);
  const { network, set } = withClassesOf(spec, flags, written, data.train);
  requirePictures("inceptc train", network, data.train, { validation: data.validation });
  if (before !== undefined) requireOwn(before, network);
  const trainable = trainableOf(network);
  const base = {
    ...trainable.train,
    ...before?.checkpoint.state.settings,
    epochs: settings.epochs,
  };
  const told = trainerOptions(trainable, flags, base, before && resolve(folder.file("last")));
  const asked = before === undefined ? await begun(told, { written, network, data, flags }) : told;
  const options = await checkedOptions(network, asked);
  if (before !== undefined) requireSameData(before, { data, asked });
  const batch = asked.batch ?? base.batch;
  requireBatch(data.train, batch);
  return { ...{ spec, network, set, flags, folder, before, settings, options, data, batch } };
}

/** What follows from the data, which is told. */
async function begun(
  asked: AskedTrainer,
  run: {
    readonly written: Network;
    readonly network: Network;
    readonly data: RunData;
    readonly flags: TrainFlags;
  },
): Promise<AskedTrainer> {
  const { written, network, data, flags } = run;
  const tell = (text: string): void => void (flags.json === true || say(text));
  const { fresh = [] } = asked;
  const anew = await freshByClasses(asked, written, network);
  const own = anew.filter((name) => !fresh.some((pattern) => fits(pattern, name)));
  if (own.length > 0) tell(freshText(own, data.train.classes));
  const anyFresh = [...fresh, ...own];
  requireBeginning(asked, anyFresh);
  const all = own.length === 0 ? asked : { ...asked, fresh: anyFresh };
  if (flags.freeze === undefined || !flags.keepFeatures) return all;
  const found = keptFront(network, all, data);
  if (found === undefined) return all;
  tell(keptText(found, data));
  return found.isKept ? { ...all, keepFeatures: true } : all;
}
