/** Trains for epochs: batches, validation, checkpoints, and when to stop. */
import { InceptError } from "../../diagnostics/incept-error.js";
import type { NetworkTypes } from "../types.js";
import { Checkpoints } from "./checkpoints.js";
import { type CheckedData, type GivenData, nothing } from "./data.js";
import type { CheckedFitOptions } from "./fit-options.js";
import { isPictures } from "./pictures.js";
import { readBatches } from "./read-batches.js";
import type { Standing } from "./schedule-rate.js";
import type { Training } from "./training.js";
import type { EpochResult, Evaluation, FitResult, Losses, Schedule } from "./types.js";
import { batchesOf, classNamesOf, requirePictures } from "./use-pictures.js";

const call = "fit";

export async function fit<N extends NetworkTypes, L extends Losses<N>>(
  training: Training<N, L>,
  data: GivenData,
  options: CheckedFitOptions,
): Promise<FitResult<N, L>> {
  const name = training.nameOf(call);
  training.requireOpen(name);
  if (training.isFitting) {
    throw new TypeError(`${name}: a fit is under way already; await it before.`);
  }
  const { epochs = training.network.manifest.train?.epochs ?? 1 } = options;
  if (training.standing.epoch >= epochs) {
    const ended = training.standing.epoch;
    throw new RangeError(
      `${name}: epochs is ${epochs}, and as many have ended (${ended}): it counts those before too.`,
    );
  }
  const { train } = training.network.manifest;
  const { augment = train?.augment ?? [], lastBatch = "drop", onBroken, validate } = options;
  requirePictures(name, "augment", options, [data]);
  requirePictures(name, "onBroken", options, [data, validate]);
  const keeps = training.features !== undefined;
  if (keeps && options.augment !== undefined && augment !== false) {
    throw new TypeError(
      `${name}: augment changes pictures, and keepFeatures keeps what is made of each as it is; leave one of them out.`,
    );
  }
  const told = onBroken === undefined ? {} : { onBroken };
  const batches = batchesOf(name, data, training, {
    ...{ trains: true, augment: augment === false || keeps ? [] : augment, lastBatch },
    ...told,
  });
  // Those of the validation are taken by the names that the data have given.
  if (isPictures(data)) training.labels = classNamesOf(data, training);
  const fed = { data: batches, validate: validate && batchesOf(name, validate, training, told) };
  warnOfNoRate(name, training.plan.schedule, epochs);
  training.isFitting = true;
  try {
    return await new Run(training, fed, options).epochs(epochs);
  } finally {
    training.isFitting = false;
  }
}

/** Of a spec's schedule the epochs are those of the spec. */
function warnOfNoRate(name: string, schedule: Schedule, epochs: number): void {
  if (typeof schedule === "function" || schedule.kind !== "cosine") return;
  if (epochs <= schedule.epochs) return;
  process.emitWarning(
    `${name}: epochs is ${epochs}, but the cosine schedule has come down to 0 after ${schedule.epochs}: ` +
      `give schedule: { kind: "cosine", epochs: ${epochs} } to the trainer.`,
    "InceptWarning",
  );
}

class Run<N extends NetworkTypes, L extends Losses<N>> {
  private readonly checkpoints: Checkpoints<N, L> | undefined;

  constructor(
    private readonly training: Training<N, L>,
    private readonly fed: {
      readonly data: CheckedData;
      readonly validate?: CheckedData | undefined;
    },
    private readonly options: CheckedFitOptions,
  ) {
    const { checkpoints } = options;
    if (checkpoints !== undefined) this.checkpoints = new Checkpoints(training, checkpoints);
    const steps = this.sizeInSteps();
    if (steps !== undefined) this.move({ stepsPerEpoch: steps });
  }

  async epochs(until: number): Promise<FitResult<N, L>> {
    const { training, options } = this;
    let stopped = false;
    while (!stopped && training.standing.epoch < until) {
      stopped = (await this.epoch()) === "aborted" || (await this.epochEnd()) === "stop";
      stopped ||= options.signal?.aborted === true && training.standing.epoch < until;
    }
    await this.checkpoints?.end();
    const { last } = training;
    // Aborted before the first step of all, there is nothing to tell.
    if (training.standing.steps === 0) throw options.signal?.reason;
    const result = { epochs: training.standing.epoch, stopped };
    // Resumed where an epoch had all its steps, it makes none.
    return last === undefined ? result : { ...result, last };
  }

  /** The rest of an epoch; it has not ended where it was aborted. */
  private async epoch(): Promise<"ended" | "aborted"> {
    const { training, options } = this;
    const { data } = this.fed;
    const { epoch, position } = training.standing;
    const { signal, lastBatch = "drop" } = options;
    // Asked anew each time: the signal changes while something is awaited.
    const isAborted = (): boolean => signal?.aborted === true;
    if (isAborted()) return "aborted";
    const source = data.batches({ number: epoch, seed: training.plan.seed, from: position });
    const batches = readBatches(source, signal);
    try {
      let current = await batches.next();
      while (current.done !== true) {
        if (current.value === nothing) {
          this.passOver();
          current = await batches.next();
          continue;
        }
        const batch = training.read(call, current.value);
        const mayDrop =
          data.isWhole !== true && lastBatch === "drop" && batch.images < training.plan.batch;
        const following = mayDrop ? await batches.next() : undefined;
        if (following?.done === true) break;
        const result = await training.step(call, batch, { inEpoch: true });
        await options.onStep?.({ ...result, epoch });
        await this.checkpoints?.afterStep();
        if (isAborted()) break;
        current = following ?? (await batches.next());
      }
    } catch (error) {
      // The frozen layers that make features go with the trainer.
      if (error instanceof InceptError && error.code === "model/disposed") {
        training.requireOpen(training.nameOf(call));
      }
      throw error;
    } finally {
      await batches.return();
    }
    return isAborted() ? "aborted" : "ended";
  }

  private async epochEnd(): Promise<"stop" | "go on"> {
    const { training, options } = this;
    const before = training.standing;
    const { epoch, position, empty = 0 } = before;
    if (position === empty) {
      const error = this.noSteps(epoch);
      // What goes on from here begins the epoch again.
      this.move({ position: 0, empty: undefined });
      throw error;
    }
    const stepsPerEpoch = this.sizeInSteps() ?? position;
    const none = { position: 0, empty: undefined, lossSum: 0, accuracySums: {} };
    this.move({ epoch: epoch + 1, ...none, stepsPerEpoch });
    const { signal } = options;
    const { validate } = this.fed;
    let validation: Evaluation<N, L> | undefined;
    try {
      if (validate !== undefined) {
        validation = await training.evaluator.evaluate(call, validate, signal);
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
      // What goes on from here validates the epoch first.
      this.move(before);
      return "stop";
    }
    const result = epochResult<N, L>(before, validation);
    try {
      // Whoever keeps a record has this epoch in it before a checkpoint says that it has ended.
      return (await options.onEpoch?.(result)) === "stop" ? "stop" : "go on";
    } finally {
      await this.checkpoints?.afterEpoch(result.train, validation);
    }
  }

  /** A batch of which no example is left: what is resumed has seen it. */
  private passOver(): void {
    const { position, empty = 0 } = this.training.standing;
    this.move({ position: position + 1, empty: empty + 1 });
  }

  private noSteps(epoch: number): TypeError {
    const { batch } = this.training.plan;
    const { empty = 0 } = this.training.standing;
    if (empty > 0) {
      const why = "no picture of the data could be read";
      return new TypeError(`${this.training.nameOf(call)}: epoch ${epoch} has no step: ${why}.`);
    }
    const hint =
      this.options.lastBatch === "keep"
        ? "the data gave none"
        : `the data gave no batch of ${batch} examples; lastBatch: "keep" takes shorter ones`;
    return new TypeError(`${this.training.nameOf(call)}: epoch ${epoch} has no step: ${hint}.`);
  }

  /** Of an epoch, as far as the data tell their size. */
  private sizeInSteps(): number | undefined {
    const { size } = this.fed.data;
    if (size === undefined) return undefined;
    const exact = size / this.training.plan.batch;
    return this.options.lastBatch === "keep" ? Math.ceil(exact) : Math.max(1, Math.floor(exact));
  }

  private move(to: Partial<Training<N, L>["standing"]>): void {
    this.training.standing = { ...this.training.standing, ...to };
  }
}

/** @param standing after the epoch's last step */
function epochResult<N extends NetworkTypes, L extends Losses<N>>(
  { epoch, position, empty = 0, lossSum, accuracySums = {}, learningRate = NaN }: Standing,
  validation: Evaluation<N, L> | undefined,
): EpochResult<N, L> {
  const steps = position - empty;
  const means = Object.entries(accuracySums).map(([name, sum]) => [name, sum / steps] as const);
  return {
    epoch,
    train: lossSum / steps,
    accuracy: Object.fromEntries(means) as EpochResult<N, L>["accuracy"],
    learningRate,
    ...(validation === undefined ? {} : { validation }),
  };
}
