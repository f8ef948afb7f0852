/** The weights that a checkpoint answers by, alone: as `exportWeights` writes them. */
import { openSafetensors } from "../../checkpoints/open.js";
import { type StoredTensor, writeSafetensors } from "../../checkpoints/safetensors/write.js";
import { classesMetadata } from "../weights/class-labels.js";
import { trainedTensors } from "../weights/trained.js";
import { Checkpoint } from "./checkpoint.js";

/** @throws InceptError of `file/` or `weights/` */
export async function exportCheckpoint(checkpoint: string, weights: string): Promise<void> {
  const file = await openSafetensors(checkpoint);
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const { name, stored } of trainedTensors(file, true)) {
      const { shape, bytes } = await file.read(stored);
      tensors.set(name, { dtype: "F32", shape, bytes });
    }
    const { state } = await Checkpoint.open(checkpoint);
    await writeSafetensors(weights, tensors, { format: "pt", ...classesMetadata(state.labels) });
  } finally {
    await file.close();
  }
}
