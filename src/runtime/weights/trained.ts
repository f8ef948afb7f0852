import type { Checkpoint, CheckpointTensor } from "../../checkpoints/checkpoint.js";

/** Where the state of a training stands in the metadata of a checkpoint. */
export const trainingKey = "incept.training";

/** A tensor as a network names it, and as the file does. */
export interface TrainedTensor extends CheckpointTensor {
  readonly stored: string;
}

const average = "average:";

/**
 * The tensors of a file as weights: of a training's checkpoint no moments.
 *
 * @param averaged whether averages, which the trained network answers by, are taken in place of the
 *   parameters that they follow, from which training goes on
 */
export function trainedTensors(
  { tensors, metadata }: Pick<Checkpoint, "tensors" | "metadata">,
  averaged: boolean,
): readonly TrainedTensor[] {
  const all = [...tensors.values()];
  if (metadata[trainingKey] === undefined) {
    return all.map((tensor) => ({ ...tensor, stored: tensor.name }));
  }
  return all
    .filter(({ name }) => !name.includes(":"))
    .map((tensor) => {
      const followed = averaged ? tensors.get(average + tensor.name) : undefined;
      return { ...tensor, stored: followed?.name ?? tensor.name };
    });
}
