import { InceptError } from "../../diagnostics/incept-error.js";
import type { ByteSource } from "../bytes.js";
import { textOf, textsOf } from "../hdf5/attribute.js";
import { Hdf5 } from "../hdf5/file.js";
import { Group } from "../hdf5/group.js";
import { HdfObject } from "../hdf5/object.js";
import { readSuperblock } from "../hdf5/superblock.js";
import type { LazyTensor } from "../lazy.js";
import { Pages } from "../pages.js";
import { byPlace, type LayerConfig, readConfig } from "./config.js";
import { legacyVariables } from "./legacy.js";
import { storedVariables } from "./store.js";
import { tensorOf, type Variable } from "./variable.js";

/**
 * The weights in an HDF5 file of Keras, whichever of its two kinds it is.
 *
 * @param layers what a description beside it says, where there is one
 * @throws InceptError `weights/format` for an HDF5 file that is none of Keras', `weights/damaged`,
 *   `weights/truncated`, `weights/unreadable`
 */
export async function kerasTensors(
  source: ByteSource,
  layers: readonly LayerConfig[] = [],
): Promise<readonly LazyTensor[]> {
  const file = new Hdf5(new Pages(source));
  const address = await readSuperblock(file.pages);
  const root = await Group.of(await HdfObject.read(file, address, "/"));
  const variables = await variablesOf(root, layers);
  // Of a separable convolution there are two kernels, and a bias that belongs to the second.
  const separable = new Set(
    variables.filter(({ name }) => name === "pointwise_kernel").map(({ layer }) => layer),
  );
  return variables.map((variable) => tensorOf(variable, separable.has(variable.layer)));
}

async function variablesOf(
  root: Group,
  layers: readonly LayerConfig[],
): Promise<readonly Variable[]> {
  const { object } = root;
  const weights = (await root.group("model_weights")) ?? root;
  for (const list of ["layer_names", "layer_names0"]) {
    if ((await textsOf(weights.object, list)) === undefined) continue;
    const config = await textOf(object, "model_config");
    return legacyVariables(
      weights,
      config === undefined ? [] : readConfig(object.file.name, config),
    );
  }
  if (["layers", "_layer_checkpoint_dependencies", "vars"].some((name) => root.has(name))) {
    return storedVariables(root, byPlace(object.file.name, layers));
  }
  throw new InceptError(
    "weights/format",
    `${object.file.name} is an HDF5 file, and none of Keras.`,
    {
      help: "Keras writes layer_names or layers/: write its arrays by name with safetensors.numpy.save_file",
    },
  );
}
