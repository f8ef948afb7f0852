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
import { allocate } from "../memory.js";
import type { TrainPlan } from "./plan.js";
import { isLearned, rateArray } from "./rates.js";

export type Values = ReadonlyMap<string, Float32Array>;

/** What a batch has given. */
export interface RunResult {
  /** By the program's names: `loss`, `loss:NAME`, `accuracy:NAME`. */
  readonly results: ReadonlyMap<string, number>;
  readonly gradientNorm: number;
}

export class Engine {
  private constructor(
    private readonly native: NativeTrainer,
    private readonly training: ManifestTraining,
    private readonly optimizer: OptimizerName,
    private readonly hasAverage: boolean,
  ) {}

  /**
   * @param values of every parameter
   * @throws InceptError of the native side
   */
  static async open(
    native: NativeTrainer,
    training: ManifestTraining,
    plan: TrainPlan,
    { values, threads }: { readonly values: Values; readonly threads: number },
  ): Promise<Engine> {
    const names = training.parameters.map(({ name }) => name);
    const { kind: optimizer } = plan.optimizer;
    const average = plan.average !== undefined;
    const options = { threads, batch: plan.batch, optimizer, average };
    const arrays = names.map((name) => values.get(name)!);
    const engine = new Engine(native, training, optimizer, average);
    try {
      await native.open(names, arrays, rateArray(names, plan.rates), options);
      return engine;
    } catch (error) {
      native.dispose();
      throw fromNative(error);
    }
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

  /** The shapes of what is kept so: statistics have neither moments nor an average. */
  shapesOf(kept: Kept): ReadonlyMap<string, readonly number[]> {
    const has = ({ role, learns }: ManifestTraining["parameters"][number]): boolean =>
      kept === "values" || (kept === "average" ? isLearned(role) : learns);
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

  async write(kept: Kept, values: Values): Promise<void> {
    await this.native.write(kept, this.inOrder(values)).catch((error) => {
      throw fromNative(error);
    });
  }

  /** What is run with: the average where there is one, statistics as they are. */
  async trained(): Promise<Values> {
    const values = await this.read("values");
    return this.hasAverage ? new Map([...values, ...(await this.read("average"))]) : values;
  }

  dispose(): void {
    this.native.dispose();
  }

  private inOrder(values: Values): readonly (Float32Array | undefined)[] {
    return this.training.parameters.map(({ name }) => values.get(name));
  }
}
