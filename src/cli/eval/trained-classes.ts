import { openCheckpoint } from "../../checkpoints/open.js";
import { Checkpoint } from "../../runtime/train/checkpoint.js";
import { classesOf } from "../../runtime/weights/class-labels.js";
import { trainingKey } from "../../runtime/weights/trained.js";

/**
 * Names of the classes that weights were trained for, by index, where their file says so.
 *
 * @param weights as `--weights` has them
 * @param key as `--key` has it
 * @throws InceptError of `weights/`, `file/` or `train/`
 */
export async function trainedClasses(
  weights: string | undefined,
  key?: string,
): Promise<readonly string[] | undefined> {
  if (weights === undefined || weights.startsWith("random:")) return undefined;
  const file = await openCheckpoint(weights, { key });
  await file.close();
  if (file.metadata[trainingKey] === undefined) return classesOf(file);
  return (await Checkpoint.open(weights)).state.labels;
}
