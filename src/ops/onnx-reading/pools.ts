import { type AdaptivePoolAttrs, type PoolAttrs, wholeImage } from "../pool-attrs.js";
import { type NodeReader, reads, refuse } from "./reader.js";
import { readPlaced } from "./window.js";

/** Padding never wins, so that it does not matter whether it counts. */
export const maxPoolReaders = reads<PoolAttrs>({
  MaxPool: (node) => {
    // How the indices of a second result are laid out.
    node.integer("storage_order", 0);
    return { attrs: readPool(node), roles: ["input"] };
  },
  GlobalMaxPool: (node) => {
    const [, height, width] = node.image(0);
    if (height === undefined || width === undefined) {
      refuse("is a window of the whole image, and the size of its input is not known");
    }
    return { attrs: wholeImage([1, height, width]), roles: ["input"] };
  },
});

/** In ONNX padding does not count unless it is said; in ceil mode the overhang never does. */
export const avgPoolReaders = reads<PoolAttrs>({
  AveragePool: (node) => {
    const countPad = node.flag("count_include_pad");
    const { dilation, ...attrs } = readPool(node);
    if (dilation !== undefined)
      refuse(`has dilations ${dilation.join(", ")}; averages here have none`);
    return { attrs: { ...attrs, countPad }, roles: ["input"] };
  },
});

/**
 * In ceil mode a last window that would start in the padding is dropped: so do PyTorch, where most
 * files with it come from, and newer versions of ONNX, and so does this language.
 */
export function readPool(node: NodeReader): PoolAttrs {
  const [, ...sides] = node.image(0);
  const kernel = node.pair("kernel_shape");
  const { stride, dilation, pads } = readPlaced(node, kernel, sides);
  const spread = dilation.some((d) => d !== 1) ? { dilation } : {};
  return { kernel, stride, pads, ceil: node.flag("ceil_mode"), countPad: true, ...spread };
}

export const adaptivePoolReaders = reads<AdaptivePoolAttrs>({
  GlobalAveragePool: (node) => {
    node.image(0);
    return { attrs: { size: [1, 1] }, roles: ["input"] };
  },
  ReduceMean: readMean,
});

/** The mean over height and width; without `keepdims` the plane is gone. */
function readMean(node: NodeReader) {
  node.image(0);
  const axes = node.has(1) ? Array.from(node.constant(1).values) : (node.integers("axes") ?? []);
  const found = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort((a, b) => a - b);
  node.integer("noop_with_empty_axes", 0);
  if (found.join() !== "2,3") {
    const over = axes.length === 0 ? "everything" : `axes ${axes.join(", ")}`;
    refuse(`averages over ${over}; here that is over height and width`);
  }
  const kept = node.flag("keepdims", 1);
  return {
    attrs: { size: [1, 1] } as const,
    roles: ["input", "attribute"] as const,
    ...(kept ? {} : { flattened: true as const }),
  };
}
