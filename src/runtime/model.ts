import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { visibleName } from "../diagnostics/visible.js";
import type { Manifest } from "../emit/manifest.js";
import { elements } from "../ops/shape.js";
import { untilAborted } from "./abort.js";
import { fromNative } from "./addon.js";
import {
  type Classification,
  requirePictureInput,
  rank,
  requireClasses,
  requireCount,
  softmax,
} from "./classify.js";
import { type ImageSource, picturesOf } from "./image/picture.js";
import { picturesTensor, type Preparer } from "./image/prepare.js";
import { type ModelInfo, modelInfo } from "./info.js";
import { noOptions } from "./check-options.js";
import { InputCopies } from "./input-copies.js";
import { borrowed, type CheckedInputs, checkInputs } from "./inputs.js";
import { readLabels } from "./labels.js";
import { classifyOptions, pictureOptions, runOptions } from "./option-readers.js";
import type { ClassifyOptions, NoOptions, PictureOptions, RunOptions } from "./options.js";
import type { InstancePool } from "./pool.js";
import { type Part, serve } from "./serve.js";
import type { ClassOutput, Inputs, NetworkTypes, Outputs } from "./types.js";

/** What a model is made of besides its instances. */
interface ModelParts {
  readonly unused: readonly string[];
  readonly native: Preparer;
  /** As `describe()` tells it. */
  readonly work: number;
  /** An output that is computed for others and nobody is told of. */
  readonly hidden?: string | undefined;
}

/** A network with its weights, ready to run. Made by `net.load()`. */
export class Model<N extends NetworkTypes = NetworkTypes, T extends string = never> {
  /** Shapes, sizes, target and kernels; constant. */
  readonly info: ModelInfo<N>;
  readonly #manifest: Manifest;
  readonly #shown: Manifest["outputs"];
  readonly #pool: InstancePool;
  readonly #copies: InputCopies;
  readonly #native: Preparer;
  readonly #work: number;
  #closed: Promise<void> | undefined;

  /** The pool's instances have their weights already, and are the model's to dispose of. */
  constructor(
    manifest: Manifest,
    pool: InstancePool,
    { unused, native, work, hidden }: ModelParts,
  ) {
    this.#shown = manifest.outputs.filter(({ name }) => name !== hidden);
    this.info = modelInfo({ ...manifest, outputs: this.#shown }, pool.any.arenaBytes, unused);
    this.#manifest = manifest;
    this.#pool = pool;
    this.#copies = new InputCopies(pool.size, manifest.maxBatch);
    this.#native = native;
    this.#work = work;
  }

  /**
   * Computes the outputs on another thread, or at once where that is estimated to take no more than a
   * millisecond: the event loop is held up for no longer. The inputs are copied before `run`
   * returns: what was handed over is what is computed. The batch is inferred from their length; more
   * than `maxBatch` images are split. Runs beyond the number of instances wait in line.
   *
   * @throws TypeError for inputs of a wrong name, type or length
   * @throws InceptError `model/disposed`, or `model/busy` where `maxQueue` runs wait already
   * @throws the signal's reason, at once: a run that waits leaves the line, one that has begun ends
   *   with the native call under way and keeps its instance until then
   */
  async run(inputs: Inputs<N>, options?: RunOptions): Promise<Outputs<N, T>> {
    const { signal } = runOptions(`${this.info.model}.run`, options);
    const checked = this.#check("run", inputs);
    const { batch } = checked;
    signal?.throwIfAborted();
    this.#requirePlace("run");
    const held = this.#copies.take(checked);
    const work = this.#pool.use(async (instance) => {
      const outputs = this.#allocate(batch);
      try {
        for (const part of this.#parts(batch, held, outputs)) {
          signal?.throwIfAborted();
          await serve(instance, part, this.#work * batch, this.#pool).catch((error) =>
            this.#failed(error),
          );
        }
      } finally {
        this.#copies.giveBack(held, batch);
      }
      return this.#named(outputs);
    }, signal);
    return untilAborted(work, signal);
  }

  /** `run` on the calling thread. Waits where a run is under way and no instance is free. */
  runSync(inputs: Inputs<N>, options?: NoOptions): Outputs<N, T> {
    noOptions(`${this.info.model}.runSync`, options);
    const { batch, data } = this.#check("runSync", inputs);
    const outputs = this.#allocate(batch);
    for (const part of this.#parts(batch, borrowed(data), outputs)) {
      try {
        this.#pool.any.runSync(part.batch, part.inputs, part.outputs);
      } catch (error) {
        this.#failed(error);
      }
    }
    return this.#named(outputs);
  }

  /**
   * Pictures as the network reads them: decoded, and prepared as the spec's `from image(...)` says.
   * `run` takes the tensor, alone or as a part of a larger one. The event loop stays free; what is in
   * memory is copied before `tensor` returns.
   *
   * @param images a file, a file URL, an encoded picture, an `ImageData` or raw pixels, or a list of
   *   them
   * @returns N,C,H,W, where N is 1 for a picture and the length of a list
   * @throws TypeError for what is no picture, RangeError for an option out of range
   * @throws InceptError `image/unreadable`, `image/too-large`, `image/no-decoder`, `model/no-image`,
   *   `model/disposed`, `memory/exhausted`, or of `file/`
   * @throws the signal's reason, at once
   */
  async tensor(
    images: ImageSource | readonly ImageSource[],
    options?: PictureOptions,
  ): Promise<Float32Array> {
    const asked = pictureOptions(`${this.info.model}.tensor`, options);
    return this.#pictures("tensor", images, asked).tensor();
  }

  /**
   * Prepares pictures as `tensor` does, and ranks the classes. Where the network ends in
   * probabilities, as of a softmax or of sigmoids, they are its own; any other values are taken as
   * logits, of which softmax makes probabilities. The event loop stays free; what is in memory is
   * copied before `classify` returns.
   *
   * Of a list all are answered or none: the error of the first picture that cannot be read opens with
   * its place, `images[1]: `. Whoever wants the others' answers asks for each by itself.
   *
   * @param images a file, a file URL, an encoded picture, an `ImageData` or raw pixels, or a list of
   *   them for a list of answers
   * @throws TypeError for what is no picture, RangeError for an option out of range
   * @throws InceptError what `tensor` throws, `model/no-classes`, `labels/count`
   */
  classify(
    image: ImageSource,
    options?: ClassifyOptions<ClassOutput<N, T>>,
  ): Promise<Classification[]>;
  classify(
    images: readonly ImageSource[],
    options?: ClassifyOptions<ClassOutput<N, T>>,
  ): Promise<Classification[][]>;
  async classify(
    images: ImageSource | readonly ImageSource[],
    given?: ClassifyOptions,
  ): Promise<Classification[] | Classification[][]> {
    const call = `${this.info.model}.classify`;
    const options = classifyOptions(call, given);
    const { top = 5 } = options;
    const isList = Array.isArray(images);
    const rows = await this.#probabilities(images, options);
    const labels =
      options.labels === undefined ? this.#manifest.labels : await readLabels(options.labels);
    const [first] = rows;
    if (labels !== undefined && first !== undefined) requireCount(call, labels, first.length);
    const answers = rows.map((row) => rank(row, top, labels));
    return isList ? answers : (answers[0] ?? []);
  }

  /**
   * How each layer that a vendor's library computes on a GPU is carried out, one a line, the device
   * first: which engine, and what had to be copied for it. Empty on the CPU.
   */
  report(): string {
    return this.#closed === undefined ? this.#pool.any.report() : "";
  }

  /** Refuses new runs, lets those under way end, then frees the native memory and threads. */
  dispose(): Promise<void> {
    this.#closed ??= this.#pool.close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [Symbol.dispose](): void {
    void this.dispose();
  }

  /** A device that is lost never answers again: the model frees itself, and may be loaded anew. */
  #failed(error: unknown): never {
    const known = fromNative(error);
    if (known instanceof InceptError && known.code === "cuda/lost") void this.dispose();
    throw known;
  }

  /** One row of class probabilities an image. */
  async #probabilities(
    images: ImageSource | readonly ImageSource[],
    options: ClassifyOptions,
  ): Promise<Float32Array[]> {
    const { input, count, tensor } = this.#pictures("classify", images, options);
    const output = this.#classOutput(`${this.info.model}.classify`, options.output);
    const data = await tensor();
    if (count === 0) return [];
    const { signal } = options;
    const results = await this.run(
      { [input]: data } as Inputs<N>,
      signal === undefined ? {} : { signal },
    );
    const classes = elements(output.shape);
    const values: Float32Array = (results as Record<string, Float32Array>)[output.name] ?? data;
    return Array.from({ length: count }, (_, i) => {
      const row = values.subarray(i * classes, (i + 1) * classes);
      return output.classes === "logits" ? softmax(row) : row;
    });
  }

  /** The pictures that a call was given, as they are now; `tensor` decodes and prepares them. */
  #pictures(
    method: string,
    images: ImageSource | readonly ImageSource[],
    { signal, maxPixels }: PictureOptions,
  ): {
    readonly input: string;
    readonly count: number;
    readonly tensor: () => Promise<Float32Array>;
  } {
    const call = `${this.info.model}.${method}`;
    const pictures = picturesOf(images, call, maxPixels);
    this.#requireOpen(call);
    const { name, shape, image } = requirePictureInput(call, this.#manifest.inputs);
    const tensor = (): Promise<Float32Array> =>
      untilAborted(
        picturesTensor(pictures, { shape, image }, this.#native, { signal, maxPixels }),
        signal,
      );
    return { input: name, count: pictures.length, tensor };
  }

  #classOutput(call: string, name: string | undefined): Manifest["outputs"][number] {
    const output = this.#shown.find((o) => name === undefined || o.name === name);
    if (output === undefined) {
      const names = this.#shown.map((o) => o.name).join(", ");
      throw new RangeError(
        `${call}: there is no output ${visibleName(String(name))}; it has ${names}.`,
      );
    }
    requireClasses(call, output);
    return output;
  }

  #check(method: string, inputs: Inputs<N>): CheckedInputs {
    const call = `${this.info.model}.${method}`;
    this.#requireOpen(call);
    return checkInputs(call, this.#manifest.inputs, inputs);
  }

  #requireOpen(call: string): void {
    if (this.#closed === undefined) return;
    throw new InceptError("model/disposed", `${call}: the model is disposed.`);
  }

  #requirePlace(method: string): void {
    if (!this.#pool.full) return;
    const { maxQueue } = this.#pool;
    const waiting = counted(maxQueue, "run waits", "runs wait");
    throw new InceptError(
      "model/busy",
      `${this.info.model}.${method}: every instance runs, and ${waiting} already.`,
      { help: "try again later, or load with more instances or a larger maxQueue" },
    );
  }

  #allocate(batch: number): Float32Array[] {
    return this.#manifest.outputs.map((port) => new Float32Array(batch * elements(port.shape)));
  }

  /** The native calls that a batch takes: views of at most `maxBatch` images. */
  *#parts(
    batch: number,
    inputs: readonly Float32Array[],
    outputs: readonly Float32Array[],
  ): Generator<Part> {
    const { maxBatch } = this.#manifest;
    for (let from = 0; from < batch; from += maxBatch) {
      const to = Math.min(batch, from + maxBatch);
      const rows = (array: Float32Array): Float32Array => {
        const each = array.length / batch;
        return array.subarray(from * each, to * each);
      };
      yield { batch: to - from, inputs: inputs.map(rows), outputs: outputs.map(rows) };
    }
  }

  #named(outputs: readonly Float32Array[]): Outputs<N, T> {
    const all = this.#manifest.outputs.map((port, i) => [port.name, outputs[i]] as const);
    const shown = all.filter(([name]) => this.#shown.some((port) => port.name === name));
    return Object.fromEntries(shown) as unknown as Outputs<N, T>;
  }
}
