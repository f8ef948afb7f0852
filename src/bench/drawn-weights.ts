/** Weights that are drawn, as the file that every engine loads. */
import { join } from "node:path";
import { float32Tensor, writeSafetensors } from "../checkpoints/safetensors/write.js";
import { loadOptions } from "../runtime/option-readers.js";
import { loadWeights } from "../runtime/weights/load.js";
import type { RandomParameter } from "../runtime/weights/random.js";

/**
 * What `weights` names, or a file in `folder` where that is `random:SEED`: a program of a user's loads
 * a file, and the peers do, so that memory and times are of the same.
 */
export async function weightsFile(
  weights: string,
  parameters: readonly RandomParameter[],
  folder: string,
): Promise<string> {
  const { weights: source } = loadOptions("bench", { weights });
  if (source.kind !== "random") return weights;
  const { values } = await loadWeights(source, parameters);
  const path = join(folder, "weights.safetensors");
  const tensors = parameters.map(
    ({ name, shape }, i) => [name, float32Tensor(shape, values[i]!)] as const,
  );
  await writeSafetensors(path, new Map(tensors));
  return path;
}
