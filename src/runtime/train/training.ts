/** A training under way: what a trainer's calls share. */
import { InceptError } from "../../diagnostics/incept-error.js";
import type { NetworkTypes } from "../types.js";
import { BatchReader, FrontBatch, type ReadBatch, requireValues, targetPort } from "./batch.js";
import type { Engine } from "./engine.js";
import { Evaluator } from "./evaluate.js";
import type { TrainPlan } from "./plan.js";
import type { Front } from "./front.js";
import { KeptFeatures } from "./kept-features.js";
import { stepResult } from "./results.js";
import { constantInputs, runInputs, runNumbers } from "./run-inputs.js";
import { beginning, factorOf, type Standing } from "./schedule-rate.js";
import { type CheckpointState, writeCheckpoint } from "./checkpoint.js";
import type { TrainedNetwork } from "./trained-network.js";
import { Turns } from "./turns.js";
import type { Losses, StepResult } from "./types.js";

/** What a checkpoint says of it. */
type Begun = Pick<CheckpointState, "standing" | "labels">;

export class Training<N extends NetworkTypes, L extends Losses<N>> {
  /** Where training stands; `fit` moves it through the epochs. */
  standing: Standing;
  last: StepResult<N, L> | undefined;
  /** Names of classes that training has begun with, by index, where its data have some. */
  labels: readonly string[] | undefined;
  private readonly warned = new Set<string>();
  /** Whether a `fit` is under way. */
  isFitting = false;
  readonly reader: BatchReader;
  readonly evaluationReader: BatchReader;
  private readonly constants: ReadonlyMap<string, Float32Array>;
  readonly evaluator: Evaluator<N, L>;
  /** What is kept of pictures, where there is a front. */
  readonly features: KeptFeatures | undefined;
  private readonly turns = new Turns();
  private closed: Promise<void> | undefined;

  constructor(
    readonly network: TrainedNetwork,
    readonly plan: TrainPlan,
    private readonly engine: Engine,
    readonly threads: number,
    { standing, labels }: Begun = { standing: beginning },
    readonly front?: Front<N>,
  ) {
    this.standing = standing;
    this.labels = labels;
    this.evaluator = new Evaluator<N, L>(this);
    this.features = front && new KeptFeatures(front);
    this.constants = constantInputs(plan.losses);
    this.reader = readerOf(network, plan, plan.batch);
    this.evaluationReader = readerOf(network, plan, Infinity);
  }

  /** As messages name a call of the trainer. */
  nameOf(call: string): string {
    return `${this.network.manifest.model}.trainer.${call}`;
  }

  /**
   * Checks and copies a batch.
   *
   * @param call the method, as messages name it
   */
  read(call: string, given: unknown): ReadBatch {
    const name = this.nameOf(call);
    this.requireOpen(name);
    return given instanceof FrontBatch ? given : this.reader.read(name, given);
  }

  /** Waits for its turn. A step of `fit` is one of an epoch. */
  async step(
    call: string,
    batch: ReadBatch,
    {
      signal,
      inEpoch = false,
    }: { readonly signal?: AbortSignal | undefined; inEpoch?: boolean } = {},
  ): Promise<StepResult<N, L>> {
    const name = this.nameOf(call);
    this.requireOpen(name);
    // Of a batch that is trained on; one that `fit` drops may be as short as it is.
    requireValues(name, batch.images, this.network.training.oneValue);
    return this.turns.take(() => this.train(name, batch, inEpoch), signal);
  }

  private async train(call: string, batch: ReadBatch, inEpoch: boolean): Promise<StepResult<N, L>> {
    const { plan, constants, standing } = this;
    const step = standing.steps + 1;
    const factor = factorOf(call, plan.schedule, standing);
    const numbers = runNumbers(plan, step, factor);
    const { inputs } = this.network.training;
    const own = this.front === undefined ? batch.inputs : await this.front.of(batch);
    const given = runInputs(
      inputs,
      constants,
      { ...batch, inputs: own },
      { seed: plan.seed, step },
    );
    const run = await this.engine.run(batch.images, given, numbers);
    const result = stepResult<N, L>(plan.losses, run, { step, learningRate: numbers.rate });
    this.standing = { ...this.standing, steps: step };
    if (inEpoch) this.standing = afterStep(this.standing, result);
    this.last = result;
    return result;
  }

  /** What `read` gives of the parameters between two steps, for a call of the trainer. */
  async between<R>(
    call: string,
    read: (engine: Engine, standing: Standing) => Promise<R>,
  ): Promise<R> {
    this.requireOpen(this.nameOf(call));
    return this.reading(read);
  }

  /** The same for what was asked for before the trainer was disposed. */
  reading<R>(read: (engine: Engine, standing: Standing) => Promise<R>): Promise<R> {
    return this.turns.take(() => read(this.engine, this.standing));
  }

  /** @throws InceptError `file/cannot-write` */
  async save(call: string, file: string): Promise<void> {
    const { settings } = this.plan;
    const { model, settings: set } = this.network.manifest;
    const { kept, state } = await this.between(call, async (engine, standing) => ({
      kept: await engine.readAll(),
      state: { model, set, standing, settings, ...(this.labels && { labels: this.labels }) },
    }));
    await writeCheckpoint(file, kept, state, this.engine);
  }

  /** Once, however often it is the case. */
  readonly warn = (message: string): void => {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    process.emitWarning(message, "InceptWarning");
  };

  requireOpen(call: string): void {
    if (this.closed === undefined) return;
    throw new InceptError("train/disposed", `${call}: the trainer is disposed.`);
  }

  /** Refuses new calls, and frees the memory when those before have ended. */
  dispose(): Promise<void> {
    const free = async (): Promise<void> => {
      await this.front?.dispose();
      this.engine.dispose();
    };
    // An evaluation that was asked for has yet to read the parameters.
    this.closed ??= this.evaluator.dispose().then(() => this.turns.take(free));
    return this.closed;
  }
}

/** What an epoch adds up. */
function afterStep(
  standing: Standing,
  { loss, accuracy, learningRate }: StepResult<NetworkTypes, Losses<NetworkTypes>>,
): Standing {
  const { position, lossSum, accuracySums = {} } = standing;
  const sums = Object.entries<number | undefined>(accuracy).map(([name, share = 0]) => {
    return [name, (accuracySums[name] ?? 0) + share] as const;
  });
  return {
    ...standing,
    position: position + 1,
    lossSum: lossSum + loss,
    accuracySums: Object.fromEntries(sums),
    learningRate,
  };
}

function readerOf(
  { manifest, training }: TrainedNetwork,
  { losses }: TrainPlan,
  most: number,
): BatchReader {
  const targets = losses.outputs.map((output) => {
    const port = training.inputs.find(({ name }) => name === `${output.name}:target`);
    return targetPort(output, port?.shape ?? output.shape);
  });
  const untrained = manifest.outputs
    .map(({ name }) => name)
    .filter((name) => !targets.some((target) => target.name === name));
  return new BatchReader(manifest.inputs, targets, untrained, most);
}
