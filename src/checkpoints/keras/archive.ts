import { InceptError } from "../../diagnostics/incept-error.js";
import { allocate } from "../../files/allocate.js";
import type { CheckpointReader } from "../checkpoint.js";
import { damaged } from "../damage.js";
import { LazyCheckpoint } from "../lazy.js";
import { ZipArchive } from "../zip.js";
import { type LayerConfig, readConfig } from "./config.js";
import { kerasTensors } from "./hdf5.js";

const [description, weights] = ["config.json", "model.weights.h5"];
/** A network of a thousand layers is described in a megabyte. */
const mostText = 1 << 26;

/**
 * A `.keras` of Keras 3: a zip of the model's description and a `.weights.h5`.
 *
 * @throws InceptError of `weights/`, as `ZipArchive.open` and `kerasTensors` do
 */
export const openKerasArchive: CheckpointReader = async (source) => {
  const archive = await ZipArchive.open(source);
  if (archive.sizeOf(weights) === undefined) throw withoutWeights(source.name, archive.names);
  const layers = await layersIn(archive, source.name);
  const tensors = await kerasTensors(await archive.bytesOf(weights), layers);
  return new LazyCheckpoint(source.name, tensors, () => source.close());
};

async function layersIn(archive: ZipArchive, name: string): Promise<readonly LayerConfig[]> {
  const size = archive.sizeOf(description);
  if (size === undefined) return [];
  if (size > mostText) throw damaged(name, `its ${description} has ${size} bytes`);
  const source = await archive.bytesOf(description);
  const bytes = allocate(Uint8Array, source.size, source.name);
  await source.read(bytes, 0);
  return readConfig(source.name, Buffer.from(bytes.buffer).toString("utf8"));
}

/** Keras cuts large models into parts, and can write arrays of NumPy. */
function withoutWeights(name: string, entries: readonly string[]): InceptError {
  const other = entries.find((entry) => /^model\.weights|\.weights\./.test(entry));
  const has = other === undefined ? "" : `, and its weights in ${other}, which is not read`;
  return new InceptError("weights/unreadable", `${name} has no ${weights}${has}.`, {
    help: "save the weights alone: model.save_weights('model.weights.h5')",
  });
}
