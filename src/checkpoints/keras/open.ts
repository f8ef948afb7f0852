import type { CheckpointReader } from "../checkpoint.js";
import { LazyCheckpoint } from "../lazy.js";
import { kerasTensors } from "./hdf5.js";

/**
 * A `.h5` or `.weights.h5` of Keras.
 *
 * @throws InceptError as `kerasTensors`, and `weights/duplicate`
 */
export const openKerasHdf5: CheckpointReader = async (source) =>
  new LazyCheckpoint(source.name, await kerasTensors(source), () => source.close());
