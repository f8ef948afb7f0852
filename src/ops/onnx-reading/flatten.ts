/** The ways to make a vector of an image, each image for itself. */
import type { NoAttrs } from "../elementwise.js";
import { type Dims, type NodeReader, reads, refuse } from "./reader.js";

export const flattenReaders = reads<NoAttrs>({
  Flatten: (node) => {
    const dims = node.flowing(0);
    const axis = node.axis(node.integer("axis", 1), dims);
    if (axis !== 1) refuse(`flattens from axis ${axis} on; here that is from channels on`);
    return { attrs: {}, roles: ["input"] };
  },
  Reshape: readReshape,
  Squeeze: readSqueeze,
});

/** To two dimensions of which the first is the batch. */
function readReshape(node: NodeReader) {
  const dims = node.flowing(0);
  const target = node.has(1) ? Array.from(node.constant(1).values) : (node.integers("shape") ?? []);
  const zeroCopies = !node.flag("allowzero");
  if (target.length !== 2)
    refuse(`gives ${target.length} dimensions; here it makes a vector of each image`);
  const [batch, features] = target as readonly [number, number];
  const size = sizeOf(dims);
  const copies = (batch === 0 && zeroCopies) || (batch > 0 && batch === dims?.[0]);
  // What is left over for the first is the batch where the second takes one image.
  const keeps = copies
    ? features === -1 || features === size
    : batch === -1 && features > 0 && features === size;
  if (!keeps) {
    const unknown = size === undefined ? ", and the size of its input is not known" : "";
    refuse(`gives ${batch} x ${features}${unknown}; here it makes a vector of each image`);
  }
  return { attrs: {}, roles: ["input", "attribute"] as const };
}

/** Height and width of one pixel. */
function readSqueeze(node: NodeReader) {
  const dims = node.flowing(0);
  const axes = node.has(1) ? Array.from(node.constant(1).values) : node.integers("axes");
  const found = axes?.map((axis) => node.axis(axis, dims)).sort((a, b) => a - b);
  if (found?.join() !== "2,3" || (dims !== undefined && dims.length !== 4)) {
    refuse(
      `drops ${axes === undefined ? "every dimension of 1" : `axes ${axes.join(", ")}`}; here that is height and width`,
    );
  }
  return { attrs: {}, roles: ["input", "attribute"] as const };
}

/** Elements of one image, where all of its sides are known. */
function sizeOf(dims: Dims | undefined): number | undefined {
  return dims
    ?.slice(1)
    .reduce<number | undefined>(
      (product, d) => (product === undefined || d === undefined ? undefined : product * d),
      1,
    );
}
