/** A quickly built network that trains, without the runtime around it. */
import type { Kept, NativePort, TrainNumbers } from "../../src/runtime/addon.js";
import type { OptimizerName } from "../../src/ops/training/optimizers.js";
import type { QuickNetwork } from "./quick-build.js";

export interface QuickTrainer {
  /** Trains on one batch: results by name, and the norm of the gradients. */
  train(
    batch: number,
    given: (port: NativePort) => ArrayLike<number>,
    numbers?: Partial<TrainNumbers>,
  ): Promise<{ readonly results: ReadonlyMap<string, number>; readonly norm: number }>;
  /** By parameter, states included. */
  read(kept: Kept): Promise<Map<string, Float32Array>>;
}

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

const numbersByDefault: TrainNumbers = {
  ...{ step: 1, rate: 0.1, decay: 0, momentum: 0.9, nesterov: 0 },
  ...{ beta1: 0.9, beta2: 0.999, alpha: 0.99, eps: 1e-8, clipNorm: 0, average: 0.9 },
};

export async function withTrainer<R>(
  network: QuickNetwork,
  weights: ReadonlyMap<string, Float32Array>,
  options: {
    readonly batch: number;
    readonly threads?: number;
    readonly optimizer?: OptimizerName;
  },
  work: (trainer: QuickTrainer) => Promise<R>,
): Promise<R> {
  const { addon } = network;
  const { inputs, results: names, parameters } = addon.describe().training!;
  const trainer = new addon.Trainer!();
  const rates = new Float64Array(2 * parameters.length).fill(1);
  const given = parameters.map(({ name }) => weights.get(name)!);
  const asked = { threads: 2, optimizer: "sgd" as const, average: false, ...options };
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
