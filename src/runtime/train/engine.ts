/** The native trainer of one network, its parameters by name. */
import type { ManifestTraining } from "../../emit/manifest-training.js";
import { elements } from "../../ops/shape.js";
import { optimizers, type OptimizerName } from "../../ops/training/optimizers.js";
import {
  fromNative,
  type Kept,
  type NativeTrainer,
  type TrainingArray,
  type TrainNumbers,
} from "../addon.js";
import { allocate } from "../../files/allocate.js";
import type { TrainPlan } from "./plan.js";
import { rateArray } from "./rates.js";

export type Values = ReadonlyMap<string, Float32Array>;

/** What a batch has given. */
export interface RunResult {
  /** By the program's names: `loss`, `loss:NAME`, `accuracy:NAME`. */
  readonly results: ReadonlyMap<string, number>;
  readonly gradientNorm: number;
}

export class Engine {
  private readonly optimizer: OptimizerName;
  private readonly hasAverage: boolean;

  constructor(
    private readonly native: NativeTrainer,
    private readonly training: ManifestTraining,
    private readonly plan: TrainPlan,
  ) {
    this.optimizer = plan.optimizer.kind;
    this.hasAverage = plan.average !== undefined;
  }

  /**
   * Takes the memory, and the threads.
   *
   * @param values of every parameter
   * @throws InceptError of the native side
   */
  async open(values: Values, threads: number): Promise<void> {
    const names = this.training.parameters.map(({ name }) => name);
    const { optimizer, hasAverage: average } = this;
    const { batch, rates } = this.plan;
    const arrays = names.map((name) => values.get(name)!);
    await this.native
      .open(names, arrays, rateArray(names, rates), { threads, batch, optimizer, average })
      .catch((error) => {
        throw fromNative(error, { "memory/exhausted": "take a smaller batch" });
      });
  }

  async run(
    images: number,
    inputs: readonly TrainingArray[],
    numbers: TrainNumbers,
  ): Promise<RunResult> {
    const names = this.training.results;
    const results = new Float32Array(names.length);
    try {
      const gradientNorm = await this.native.train(images, inputs, numbers, results);
      return { results: new Map(names.map((name, i) => [name, results[i]!])), gradientNorm };
    } catch (error) {
      throw fromNative(error);
    }
  }

  /** All that is kept, in the order in which checkpoints hold it. */
  get kept(): readonly Kept[] {
    const moments = (["moment_1", "moment_2"] as const).slice(
      0,
      optimizers[this.optimizer].moments.length,
    );
    return ["values", ...moments, ...(this.hasAverage ? (["average"] as const) : [])];
  }

  /** The shapes of what is kept so: statistics have no moments. */
  shapesOf(kept: Kept): ReadonlyMap<string, readonly number[]> {
    const has = ({ learns }: ManifestTraining["parameters"][number]): boolean =>
      kept === "values" || kept === "average" || learns;
    return new Map(this.training.parameters.filter(has).map(({ name, shape }) => [name, shape]));
  }

  /** @throws InceptError `memory/exhausted` */
  async read(kept: Kept): Promise<Values> {
    const shapes = this.shapesOf(kept);
    const values = new Map(
      [...shapes].map(([name, shape]) => [
        name,
        allocate(Float32Array, elements(shape), `The copy of ${name}`),
      ]),
    );
    await this.native.read(kept, this.inOrder(values)).catch((error) => {
      throw fromNative(error);
    });
    return values;
  }

  /** All that a checkpoint holds. */
  async readAll(): Promise<ReadonlyMap<Kept, Values>> {
    const all = new Map<Kept, Values>();
    for (const kept of this.kept) all.set(kept, await this.read(kept));
    return all;
  }

  async write(kept: Kept, values: Values): Promise<void> {
    await this.native.write(kept, this.inOrder(values)).catch((error) => {
      throw fromNative(error);
    });
  }

  /** What is run with: the average where there is one. */
  trained(): Promise<Values> {
    return this.read(this.hasAverage ? "average" : "values");
  }

  dispose(): void {
    this.native.dispose();
  }

  private inOrder(values: Values): readonly (Float32Array | undefined)[] {
    return this.training.parameters.map(({ name }) => values.get(name));
  }
}
