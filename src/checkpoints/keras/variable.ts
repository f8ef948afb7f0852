import { elements, type Shape } from "../../ops/shape.js";
import { type Dataset, readDataset } from "../hdf5/dataset.js";
import type { LazyTensor } from "../lazy.js";
import { turned, turnedShape } from "../turn.js";

/** A variable of a Keras model, of whichever kind of file. */
export interface Variable {
  /** The layer's path, models within models before it: `inner.conv`. */
  readonly layer: string;
  /** The layer's class as `Conv2D` is written in files, `conv2d`; undefined where nothing says it. */
  readonly kind: string | undefined;
  /** As Keras names it: `kernel`, `moving_mean`; a number where nothing names it. */
  readonly name: string;
  readonly dataset: Dataset;
  /** Whether nothing says which layer comes before another. */
  readonly isUnplaced?: boolean;
}

/** What PyTorch calls what Keras calls so. */
const names: ReadonlyMap<string, string> = new Map([
  ["kernel", "weight"],
  ["bias", "bias"],
  ["gamma", "weight"],
  ["beta", "bias"],
  ["moving_mean", "running_mean"],
  ["moving_variance", "running_var"],
  ["alpha", "weight"],
  ["embeddings", "weight"],
  ["depthwise_kernel", "weight"],
  ["pointwise_kernel", "weight"],
]);

/**
 * The variable under PyTorch's name and in its order of dimensions, as a spec's parameters are. A
 * separable convolution is two, `.depthwise` and `.pointwise`; the bias is the second one's.
 */
export function tensorOf(variable: Variable, isSeparable: boolean): LazyTensor {
  const { layer, name, dataset } = variable;
  const turn = turnOf(variable);
  const half = name === "depthwise_kernel" ? "depthwise" : "pointwise";
  return {
    name: [layer, ...(isSeparable ? [half] : []), names.get(name) ?? name].join("."),
    dtype: dataset.type.dtype,
    shape: turn?.shape ?? dataset.shape,
    ...(variable.isUnplaced === true
      ? { unordered: "has its layers class by class, without a description of the model" }
      : {}),
    read: async (what) => {
      const values = await readDataset(dataset, what);
      return turn === undefined ? values : turned(values, dataset.shape, turn.order, what);
    },
  };
}

interface Turn {
  /** Of each dimension of the result, which it was. */
  readonly order: readonly number[];
  readonly shape: Shape;
}

/** Classes whose kernel is h, w, in, out, or in, out. */
const withKernel = /^(?:dense|(?:convolution|conv)[123]d(?:_transpose)?|separable_conv[12]d)$/;
const isDepthwise = /^depthwise_conv[12]d$/;

function turnOf({ kind, name, dataset: { shape } }: Variable): Turn | undefined {
  const rank = shape.length;
  if (rank < 2) return undefined;
  const space = shape.slice(0, -2).map((_, i) => i);
  if (name === "depthwise_kernel" || (name === "kernel" && isDepthwise.test(kind ?? ""))) {
    // h, w, in, multiplier: each input has its own outputs, one after the other.
    const sizes = [elements(shape.slice(-2)), 1, ...shape.slice(0, -2)];
    return { order: [rank - 2, rank - 1, ...space], shape: sizes };
  }
  // Where nothing says the class, what is called a kernel is one: of files without a description.
  const isKernel = name === "kernel" && withKernel.test(kind ?? "dense");
  if (!isKernel && name !== "pointwise_kernel") return undefined;
  const order = [rank - 1, rank - 2, ...space];
  return { order, shape: turnedShape(shape, order) };
}
