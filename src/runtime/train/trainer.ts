import { abortSignal, checkOptions, filePath, noOptions, Place } from "../check-options.js";
import type { Model } from "../model.js";
import type { NoOptions } from "../options.js";
import type { NetworkTypes } from "../types.js";
import { float32Tensor, writeSafetensors } from "../../checkpoints/safetensors/write.js";
import { classesMetadata } from "../weights/class-labels.js";
import { dataReader } from "./data.js";
import { fit } from "./fit.js";
import { evaluateOptions, fitOptions } from "./fit-options.js";
import { modelOf } from "./models.js";
import type { Pictures } from "./pictures.js";
import type { Training } from "./training.js";
import type {
  Batch,
  Data,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  FitResult,
  Losses,
  StepOptions,
  StepResult,
} from "./types.js";
import { batchesOf, requirePictures } from "./use-pictures.js";

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
    return this.#training.step("step", this.#training.read("step", batch), { signal });
  }

  /**
   * What the network is worth on data, as it answers: by running statistics, without dropout and
   * heads, with the averaged weights where there are any, all as they are when it begins. Batches of
   * any length are taken, a short last one too. Pictures are prepared as the spec's `from image(…)`
   * says, in their own order, and nothing of them is augmented.
   *
   * @throws TypeError and RangeError as `step`, InceptError `train/disposed`; of pictures as `fit`
   * @throws the signal's reason
   */
  async evaluate(
    data: Data<N, L> | Pictures,
    options?: EvaluateOptions,
  ): Promise<Evaluation<N, L>> {
    const name = this.#training.nameOf("evaluate");
    const { signal, ...asked } = evaluateOptions(name, options);
    const read = dataReader(data, new Place(name, "data"));
    requirePictures(name, "onBroken", asked, [read]);
    this.#training.requireOpen(name);
    const batches = batchesOf(name, read, this.#training, asked);
    return this.#training.evaluator.evaluate("evaluate", batches, signal);
  }

  /**
   * Trains for epochs, and goes on where the trainer stands: within an epoch too, after an abort or a
   * resume. An abort ends it after the step under way, and `fit` resolves with `stopped: true`;
   * before the first step of all it rejects with the signal's reason.
   *
   * Pictures are shuffled, decoded ahead of the step on other threads, prepared as the spec's
   * `from image(…)` says, and augmented as its `train` does. Their order and what is drawn of each
   * hang on the trainer's seed, the epoch and the picture's index alone.
   *
   * @throws TypeError and RangeError as `step`; RangeError where as many epochs have ended
   * @throws InceptError as `step` and `save`; of pictures `data/empty`, `data/classes`, `data/labels`,
   *   `model/no-image`, and unless `onBroken` is given what is wrong with one of them (`image/`, `file/`,
   *   `data/changed`)
   * @throws what a callback or the data throw; steps that were made are kept
   */
  async fit(data: Data<N, L> | Pictures, options?: FitOptions<N, L>): Promise<FitResult<N, L>> {
    const name = this.#training.nameOf("fit");
    const asked = fitOptions(name, options);
    return fit(this.#training, dataReader(data, new Place(name, "data")), asked);
  }

  /**
   * Writes all that training goes on from: parameters, statistics, moments, the average, and where it
   * stands. `resume` takes the file, and so does `load`.
   *
   * @throws InceptError `file/cannot-write`; the file that was there is unharmed
   */
  async save(file: string | URL, options?: NoOptions): Promise<void> {
    const call = this.#training.nameOf("save");
    noOptions(call, options);
    await this.#training.save("save", filePath(file, new Place(call, "the file")));
  }

  /**
   * Writes the weights alone, as `load` takes them: the averaged ones where there is an average,
   * statistics, and those of auxiliary heads, so that training can go on from the file. The names of
   * the data's classes are kept in it, where they have some: `inceptc eval` goes by them.
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
    const classes = classesMetadata(this.#training.labels);
    await writeSafetensors(path, new Map(tensors), { format: "pt", ...classes });
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
    return modelOf<N>(network, values, threads, network.training.front);
  }

  /**
   * Refuses new calls, lets those that were asked for end, then frees memory and threads. A `fit` under
   * way rejects with `train/disposed` after its step: abort it before, and await it.
   */
  dispose(): Promise<void> {
    return this.#training.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
