import type { CheckpointReader } from "../checkpoint.js";
import { LazyCheckpoint, type LazyTensor } from "../lazy.js";
import { Pages } from "../pages.js";
import { readInitializers } from "./model.js";
import { dtypeOf, readValues } from "./values.js";

/**
 * The initializers of an ONNX model, by their names in the file.
 *
 * @throws InceptError `weights/damaged`, `weights/truncated` or `weights/duplicate`
 */
export const openOnnx: CheckpointReader = async (source, { path }) => {
  const pages = new Pages(source);
  const tensors = (await readInitializers(pages)).map((stored): LazyTensor => {
    const { name, shape, isSparse } = stored;
    const sparse = { what: "a sparse tensor", help: "save the model with dense initializers" };
    return {
      name,
      dtype: dtypeOf(stored),
      shape,
      ...(isSparse === true ? { unreadable: sparse } : {}),
      read: (what) => readValues(pages, stored, what, path),
    };
  });
  return new LazyCheckpoint(source.name, tensors, () => source.close());
};
