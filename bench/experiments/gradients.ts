/** Gradients of a network's parameters on a batch, by nothing but what a trainer offers. */
import { join } from "node:path";
import type { NetworkModule, Pictures } from "../../src/index.js";
import { openCheckpoint } from "../../src/checkpoints/open.js";

export type Values = ReadonlyMap<string, Float32Array>;

/** So large that what a step changes is well above the rounding of weights. */
const rate = 1024;

/**
 * One step of plain SGD changes a parameter by its gradient times the rate: the gradient is the
 * difference over the rate. It is of the loss with dropout, as in training.
 *
 * @param weights a file; the network is not changed
 * @param auxWeights how often the losses of heads count
 * @param pictures one batch
 * @param scratch a folder for a file
 * @param threads of the step; undefined: the machine's cores
 * @returns of each parameter, by name
 */
export async function gradients(
  net: NetworkModule,
  weights: string,
  auxWeights: Readonly<Record<string, number>>,
  pictures: Pictures,
  scratch: string,
  threads?: number,
): Promise<Values> {
  const after = join(scratch, "probe.safetensors");
  {
    await using trainer = await net.trainer({
      ...{ weights, auxWeights, batch: pictures.size },
      ...(threads === undefined ? {} : { threads }),
      optimizer: { kind: "sgd", lr: rate, momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { kind: "constant" },
    });
    await trainer.fit(pictures, { epochs: 1 });
    await trainer.exportWeights(after);
  }
  const [begun, ended] = [await read(weights), await read(after)];
  return new Map(
    [...begun].map(([name, values]) => {
      const other = ended.get(name)!;
      return [name, values.map((value, i) => (value - other[i]!) / rate)] as const;
    }),
  );
}

async function read(path: string): Promise<Values> {
  const file = await openCheckpoint(path);
  try {
    const names = [...file.tensors.keys()];
    const arrays: Float32Array[] = [];
    for (const name of names) arrays.push(await file.readFloat32(name));
    return new Map(names.map((name, i) => [name, arrays[i]!]));
  } finally {
    await file.close();
  }
}

/** Root of the mean square: comparable over parameters of different sizes. */
export const rms = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
