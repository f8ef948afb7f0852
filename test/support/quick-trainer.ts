/** A quickly built network that trains, without the runtime around it. */
import type { QuickNetwork } from "./quick-build.js";

/** What the tests use of native/addon/trainer.hpp. */
interface Trainer {
  open(
    names: readonly string[],
    arrays: readonly Float32Array[],
    rates: Float64Array,
    options: object,
  ): Promise<void>;
  train(
    batch: number,
    inputs: readonly ArrayBufferView[],
    numbers: object,
    results: Float32Array,
  ): Promise<number>;
  read(kept: string, arrays: readonly Float32Array[]): Promise<void>;
  dispose(): void;
}

interface Port {
  readonly name: string;
  readonly dtype: "f32" | "i32" | "u8";
  readonly shape: readonly number[];
}

interface Training {
  readonly inputs: readonly Port[];
  readonly results: readonly string[];
  readonly parameters: readonly Port[];
}

interface TrainingAddon {
  readonly Trainer: new () => Trainer;
  describe(): { readonly training: Training };
}

export interface QuickTrainer {
  /** Trains on one batch: results by name, and the norm of the gradients. */
  train(
    batch: number,
    given: (port: Port) => ArrayLike<number>,
    numbers?: object,
  ): Promise<{ readonly results: ReadonlyMap<string, number>; readonly norm: number }>;
  /** By parameter, states included. */
  read(kept: "values" | "moment_1" | "moment_2" | "average"): Promise<Map<string, Float32Array>>;
}

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

const numbersByDefault = {
  ...{ step: 1, rate: 0.1, decay: 0, momentum: 0.9, nesterov: 0 },
  ...{ beta1: 0.9, beta2: 0.999, alpha: 0.99, eps: 1e-8, clipNorm: 0, average: 0.9 },
};

export async function withTrainer<R>(
  network: QuickNetwork,
  weights: ReadonlyMap<string, Float32Array>,
  options: { readonly batch: number; readonly threads?: number; readonly optimizer?: string },
  work: (trainer: QuickTrainer) => Promise<R>,
): Promise<R> {
  const addon = network.addon as unknown as TrainingAddon;
  const { inputs, results: names, parameters } = addon.describe().training;
  const trainer = new addon.Trainer();
  const rates = new Float64Array(2 * parameters.length).fill(1);
  const given = parameters.map(({ name }) => weights.get(name)!);
  const asked = { threads: 2, optimizer: "sgd", average: false, ...options };
  const own = parameters.map(({ name }) => name);
  await trainer.open(own, given, rates, asked);
  try {
    return await work({
      train: async (batch, numbersOf, numbers = {}) => {
        const ports = inputs.map((port) => new arrays[port.dtype](numbersOf(port)));
        const results = new Float32Array(names.length);
        const norm = await trainer.train(
          batch,
          ports,
          { ...numbersByDefault, ...numbers },
          results,
        );
        return { results: new Map(names.map((name, i) => [name, results[i]!])), norm };
      },
      read: async (kept) => {
        const read = given.map(({ length }) => new Float32Array(length));
        await trainer.read(kept, read);
        return new Map(own.map((name, i) => [name, read[i]!]));
      },
    });
  } finally {
    trainer.dispose();
  }
}
