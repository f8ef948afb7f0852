/** Trains in a run's folder, from its beginning or its last checkpoint to the end. */
import type { Network } from "../../model/network.js";
import { Checkpoint } from "../../runtime/train/checkpoint.js";
import type { CheckedTrainerOptions } from "../../runtime/train/options.js";
import { exportCheckpoint } from "../../runtime/train/checkpoint-weights.js";
import { exitCode, Interrupted } from "../exit.js";
import { outliveOutput, printLine, say } from "../terminal.js";
import { resumeCommand } from "./command.js";
import { type EpochRow, readCurves } from "./curves.js";
import type { RunData } from "./data.js";
import { Display } from "./display.js";
import type { TrainFlags } from "./flags.js";
import { interruption } from "./interrupt.js";
import { openTrainer } from "./open-trainer.js";
import { readRecord, recordText, recordVersion, type RunRecord } from "./record.js";
import { Run } from "./run.js";
import type { RunFolder } from "./run-folder.js";
import type { RunSettings } from "./settings.js";
import { type Outcome, tell, tellJson } from "./summary.js";
import type { Fitted } from "./classes.js";
import { curvesSvg } from "./svg-chart.js";

/** A run that is resumed. */
export interface Before {
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
}

export interface Prepared {
  readonly spec: string;
  readonly network: Network;
  /** The parameter of the model that the data have decided. */
  readonly set: Fitted["set"];
  readonly flags: TrainFlags;
  readonly folder: RunFolder;
  readonly before: Before | undefined;
  readonly settings: RunSettings;
  readonly options: CheckedTrainerOptions;
  readonly data: RunData;
  readonly batch: number;
}

/** @throws InceptError `train/run` or `train/checkpoint` for what cannot be gone on with */
export async function standingOf(folder: RunFolder): Promise<Before> {
  const checkpoint = await Checkpoint.open(folder.file("last"));
  return { record: readRecord(folder.file("record")), checkpoint };
}

/** @throws InceptError `train/checkpoint` for a run of another network */
export function requireOwn({ checkpoint }: Before, network: Network): void {
  checkpoint.requireModel(network.name);
  checkpoint.requireSettings(network.settings);
}

/** @throws Interrupted where Ctrl-C or a reader that is gone has stopped it, and it has said so */
export async function trainIn(prepared: Prepared): Promise<void> {
  const { flags, folder, before, settings } = prepared;
  using output = outliveOutput();
  await folder.clean();
  const rows = before === undefined || !folder.has("csv") ? [] : rowsBefore(folder, before);
  folder.write("record", recordText(recordOf(prepared)));
  writeLabels(prepared);
  const isWhole = before !== undefined && before.checkpoint.state.standing.epoch >= settings.epochs;
  const after = isWhole ? { rows, stopped: false } : await trained(prepared, rows, output.signal);
  const outcome = await finish(prepared, after);
  if (flags.json === true) tellJson(outcome);
  else {
    if (isWhole)
      say(`All ${settings.epochs} epochs of the run have ended: add --epochs N for more.`);
    tell(outcome);
  }
  if (after.stopped) throw new Interrupted();
}

const rowsBefore = (folder: RunFolder, { checkpoint }: Before): EpochRow[] =>
  readCurves(folder.file("csv"), checkpoint.state.standing.epoch);

function recordOf({ settings, data }: Prepared): RunRecord {
  const {
    data: place,
    validate,
    validation,
    everySteps,
    seed,
    epochs,
    augment,
    skipBroken,
  } = settings;
  const { labels } = data.train;
  return {
    ...{ version: recordVersion, data: place, seed, epochs, augment, skipBroken },
    ...(validate === undefined ? {} : { validate }),
    ...(validation === undefined ? {} : { validation }),
    ...(everySteps === undefined ? {} : { everySteps }),
    pictures: data.train.size,
    validationPictures: data.validation?.size ?? 0,
    ...(labels === undefined ? {} : { labels }),
  };
}

/** By the network's indices, which the spec's labels say where it has any. */
function writeLabels({ folder, data, network }: Prepared): void {
  if (data.train.labels === undefined) return;
  const labels = network.labels?.names ?? data.train.labels;
  folder.write("labels", `${labels.join("\n")}\n`);
}

interface After {
  readonly rows: readonly EpochRow[];
  readonly stopped: boolean;
}

/** @param gone aborted where nobody hears of the run any more: it stops as by Ctrl-C */
async function trained(
  prepared: Prepared,
  before: readonly EpochRow[],
  gone: AbortSignal,
): Promise<After> {
  const { spec, network, flags, folder, settings, options } = prepared;
  await using trainer = await openTrainer(spec, network, flags, options);
  // A run that is killed before its first epoch has ended begins again as it has begun.
  if (prepared.before === undefined) await trainer.save(folder.file("last"));
  const display = new Display(flags.json === true);
  const told = (row: EpochRow): void => {
    if (flags.json === true) printLine({ event: "epoch", ...row, epochs: settings.epochs });
    folder.write("svg", curvesSvg(network.name, run.rows));
  };
  const plan = {
    ...settings,
    ...{ folder, data: prepared.data, batch: prepared.batch, rows: before },
    position: prepared.before?.checkpoint.state.standing.position ?? 0,
  };
  const run = new Run(plan, trainer, display, told);
  using interrupt = interruption(
    () => display.say("Stopping after this step; once more ends at once."),
    () => void endAtOnce(folder, display),
  );
  const signal = AbortSignal.any([interrupt.signal, gone]);
  try {
    const { stopped } = await run.fit(signal);
    return { rows: run.rows, stopped };
  } catch (error) {
    // Before its first step a fit has nothing to resolve with.
    if (!signal.aborted || error !== signal.reason) throw error;
    return { rows: run.rows, stopped: true };
  }
}

/** The second Ctrl-C: says what is lost. */
async function endAtOnce(folder: RunFolder, display: Display): Promise<never> {
  display.clear();
  const last = await Checkpoint.open(folder.file("last")).catch(() => undefined);
  const kept = last === undefined ? "" : ` ${last.state.standing.steps}`;
  say(`Ended at once: what came after step${kept} of the last checkpoint is lost. Go on with:`);
  say(`  ${resumeCommand(process.argv.slice(2))}`);
  process.exit(exitCode.interrupted);
}

/** Made of the files alone, so that a run killed here does it when it is resumed. */
async function finish(prepared: Prepared, { rows, stopped }: After): Promise<Outcome> {
  const { spec, network, set, flags, folder, data, settings } = prepared;
  const judged = data.validation !== undefined;
  const best = judged ? "best" : "last";
  if (rows.length > 0 && folder.has(best)) {
    await exportCheckpoint(folder.file(best), folder.file("weights"));
    folder.write("svg", curvesSvg(network.name, rows));
  }
  const { standing } = (await Checkpoint.open(folder.file("last"))).state;
  return {
    ...{ spec, model: network.name, folder, rows, epochs: settings.epochs, stopped },
    ...{ steps: standing.steps, ended: standing.epoch },
    flags: { ...flags, set: { ...flags.set, ...(set && { [set.name]: set.value }) } },
    isLabelled: network.labels !== undefined,
    resume: resumeCommand(process.argv.slice(2)),
  };
}
