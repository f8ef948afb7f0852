import type { CheckpointReader } from "../checkpoint.js";
import { damaged } from "../damage.js";
import { LazyCheckpoint } from "../lazy.js";
import { Pages } from "../pages.js";
import { readNet } from "./net.js";
import { tensorsOf } from "./tensors.js";

/**
 * A Caffe net with its weights (`.caffemodel`).
 *
 * @throws InceptError `weights/damaged`, `weights/truncated` or `weights/duplicate`
 */
export const openCaffe: CheckpointReader = async (source) => {
  const pages = new Pages(source);
  const layers = await readNet(pages);
  if (layers.length === 0) throw damaged(source.name, "it has no layers");
  const tensors = tensorsOf(pages, layers);
  return new LazyCheckpoint(source.name, tensors, () => source.close(), {}, "Caffe");
};
