import { abortSignal, checkOptions, filePath, noOptions, Place } from "../check-options.js";
import type { Model } from "../model.js";
import type { NoOptions } from "../options.js";
import type { NetworkTypes } from "../types.js";
import { float32Tensor, writeSafetensors } from "../weights/write.js";
import { modelOf } from "./models.js";
import type { Training } from "./training.js";
import type { Batch, Losses, StepResult } from "./types.js";

/** Of a step, and of an evaluation. */
export interface StepOptions {
  /** Ends the waiting at once, with the signal's reason; what has begun goes on to its end. */
  readonly signal?: AbortSignal;
}

/** Trains a network. Made by `net.trainer()`; `await using` or `dispose()` frees its memory. */
export class Trainer<N extends NetworkTypes = NetworkTypes, L extends Losses<N> = Losses<N>> {
  readonly #training: Training<N, L>;

  constructor(training: Training<N, L>) {
    this.#training = training;
  }

  /** Steps that there were. */
  get steps(): number {
    return this.#training.standing.steps;
  }

  /** Epochs of `fit` that have ended: the number of the one under way, from 0. */
  get epoch(): number {
    return this.#training.standing.epoch;
  }

  /**
   * Trains on a batch: 1 to `batch` examples, as many as the arrays hold. They are copied before
   * `step` returns. One step at a time: a second call waits.
   *
   * @throws TypeError for inputs or targets of a wrong name, type or length, RangeError for a label
   *   that is no class and for more examples than `batch`
   * @throws InceptError `train/not-finite`, which names the first layer that went bad and leaves
   *   parameters, states and moments as they were; `train/one-value`, `train/disposed`
   * @throws the signal's reason where it is aborted before the step begins
   */
  async step(batch: Batch<N, L>, options?: StepOptions): Promise<StepResult<N, L>> {
    const name = this.#training.nameOf("step");
    const { signal } = checkOptions<StepOptions>(name, options, { signal: abortSignal });
    return this.#training.step("step", batch, signal);
  }

  /**
   * Writes the weights alone, as `load` takes them: the averaged ones where there is an average,
   * statistics, and those of auxiliary heads, so that training can go on from the file.
   *
   * @throws InceptError `file/cannot-write`; the file that was there is unharmed
   */
  async exportWeights(file: string | URL, options?: NoOptions): Promise<void> {
    const call = this.#training.nameOf("exportWeights");
    noOptions(call, options);
    const path = filePath(file, new Place(call, "the file"));
    const values = await this.#training.between("exportWeights", (engine) => engine.trained());
    const { parameters } = this.#training.network.training;
    const tensors = parameters.map(
      ({ name, shape }) => [name, float32Tensor(shape, values.get(name)!)] as const,
    );
    await writeSafetensors(path, new Map(tensors), { format: "pt" });
  }

  /** Copies of the parameters by name, statistics and auxiliary heads included; not averaged. */
  async parameters(options?: NoOptions): Promise<ReadonlyMap<string, Float32Array>> {
    noOptions(this.#training.nameOf("parameters"), options);
    return this.#training.between("parameters", (engine) => engine.read("values"));
  }

  /**
   * A model for inference of the weights as they are now, averaged where there is an average. It is
   * the caller's to dispose of; training goes on without it.
   */
  async model(options?: NoOptions): Promise<Model<N>> {
    noOptions(this.#training.nameOf("model"), options);
    const { network, threads } = this.#training;
    const values = await this.#training.between("model", (engine) => engine.trained());
    return modelOf<N>(network, values, threads);
  }

  /** Refuses new calls, lets those that were asked for end, then frees memory and threads. */
  dispose(): Promise<void> {
    return this.#training.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
