/** A training under way: what a trainer's calls share. */
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Manifest } from "../../emit/manifest.js";
import type { ManifestTraining } from "../../emit/manifest-training.js";
import type { NativeAddon } from "../addon.js";
import type { NetworkTypes } from "../types.js";
import { BatchReader, type ReadBatch, requireValues, targetPort } from "./batch.js";
import type { Engine } from "./engine.js";
import type { TrainPlan } from "./plan.js";
import { stepResult } from "./results.js";
import { constantInputs, runInputs, runNumbers } from "./run-inputs.js";
import { factorOf, type Standing } from "./schedule-rate.js";
import { Turns } from "./turns.js";
import type { Losses, StepResult } from "./types.js";

/** A build that trains, as its addon and its manifest say. */
export interface TrainedNetwork {
  readonly addon: NativeAddon;
  readonly manifest: Manifest;
  readonly training: ManifestTraining;
}

export class Training<N extends NetworkTypes, L extends Losses<N>> {
  /** Where training stands; `fit` moves it through the epochs. */
  standing: Standing;
  last: StepResult<N, L> | undefined;
  readonly reader: BatchReader;
  private readonly constants: ReadonlyMap<string, Float32Array>;
  private readonly turns = new Turns();
  private closed: Promise<void> | undefined;

  constructor(
    readonly network: TrainedNetwork,
    readonly plan: TrainPlan,
    private readonly engine: Engine,
    readonly threads: number,
    standing: Standing = { steps: 0, epoch: 0, position: 0, stepsPerEpoch: undefined },
  ) {
    this.standing = standing;
    this.constants = constantInputs(plan.losses);
    this.reader = readerOf(network, plan);
  }

  /** As messages name a call of the trainer. */
  nameOf(call: string): string {
    return `${this.network.manifest.model}.trainer.${call}`;
  }

  /**
   * Checks and copies a batch before it waits for its turn.
   *
   * @param call the method, as messages name it
   */
  async step(call: string, given: unknown, signal?: AbortSignal): Promise<StepResult<N, L>> {
    const name = this.nameOf(call);
    this.requireOpen(name);
    const batch = this.reader.read(name, given);
    requireValues(name, batch.images, this.network.training.oneValue);
    return this.turns.take(() => this.train(name, batch), signal);
  }

  private async train(call: string, batch: ReadBatch): Promise<StepResult<N, L>> {
    const { plan, constants, standing } = this;
    const step = standing.steps + 1;
    const factor = factorOf(call, plan.schedule, standing);
    const numbers = runNumbers(plan, step, factor);
    const { inputs } = this.network.training;
    const given = runInputs(inputs, constants, batch, { seed: plan.seed, step });
    const run = await this.engine.run(batch.images, given, numbers);
    this.standing = { ...this.standing, steps: step };
    this.last = stepResult(plan.losses, run, { step, learningRate: numbers.rate });
    return this.last;
  }

  /** What `read` gives of the parameters between two steps. */
  async between<R>(call: string, read: (engine: Engine) => Promise<R>): Promise<R> {
    this.requireOpen(this.nameOf(call));
    return this.turns.take(() => read(this.engine));
  }

  requireOpen(call: string): void {
    if (this.closed === undefined) return;
    throw new InceptError("train/disposed", `${call}: the trainer is disposed.`);
  }

  /** Refuses new calls, and frees the memory when those before have ended. */
  dispose(): Promise<void> {
    const free = (): Promise<void> => Promise.resolve(this.engine.dispose());
    this.closed ??= this.turns.take(free);
    return this.closed;
  }
}

function readerOf(
  { manifest, training }: TrainedNetwork,
  { losses, batch }: TrainPlan,
): BatchReader {
  const targets = losses.outputs.map((output) => {
    const port = training.inputs.find(({ name }) => name === `${output.name}:target`);
    return targetPort(output, port?.shape ?? output.shape);
  });
  const untrained = manifest.outputs
    .map(({ name }) => name)
    .filter((name) => !targets.some((target) => target.name === name));
  return new BatchReader([manifest.input], targets, untrained, batch);
}
