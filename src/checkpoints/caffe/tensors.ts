import { visibleName } from "../../diagnostics/visible.js";
import { elements, type Shape } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import type { LazyTensor } from "../lazy.js";
import type { Pages } from "../pages.js";
import { countNumbers, readNumbers } from "../protobuf/values.js";
import { turned } from "../turn.js";
import type { Blob, Layer } from "./net.js";

/** What the blobs of a type of layer are, in their order; of others the first are weight and bias. */
const roles: ReadonlyMap<string, readonly string[]> = new Map([
  ["BatchNorm", ["running_mean", "running_var", "factor", "weight", "bias"]],
  // Of the forks that trained Inception with batch normalization.
  ["BN", ["weight", "bias", "running_mean", "running_var"]],
  ["Bias", ["bias"]],
]);
const usual = ["weight", "bias"] as const;

/**
 * The tensors of a net: `LAYER.weight`, `LAYER.bias`, and of a BatchNorm `LAYER.running_mean` and
 * `LAYER.running_var`. A Scale that reads what a BatchNorm writes is the second half of the same
 * normalization: its two are the BatchNorm's `weight` and `bias`.
 */
export function tensorsOf(pages: Pages, layers: readonly Layer[]): readonly LazyTensor[] {
  const norms = normsBefore(layers);
  return layers.flatMap((layer) => {
    const name = norms.get(layer)?.name ?? layer.name;
    const isSummed = layer.type === "BatchNorm";
    return layer.blobs.flatMap((blob, i): LazyTensor[] => {
      const role = (roles.get(layer.type) ?? usual)[i] ?? `blob${i}`;
      if (role === "factor") return [];
      const isSum = isSummed && role.startsWith("running_");
      return [tensorOf(pages, { name: `${name}.${role}`, role, layer, blob, isSum })];
    });
  });
}

/** Of each Scale the BatchNorm whose result it scales. */
function normsBefore(layers: readonly Layer[]): ReadonlyMap<Layer, Layer> {
  const norms = new Map<Layer, Layer>();
  const writers = new Map<string, Layer>();
  for (const [i, layer] of layers.entries()) {
    const [input] = layer.bottoms;
    // Files that hold nothing but weights do not say what reads what.
    const before = input === undefined ? layers[i - 1] : writers.get(input);
    if (layer.type === "Scale" && before?.type === "BatchNorm" && before.blobs.length <= 3) {
      norms.set(layer, before);
    }
    for (const top of layer.tops) writers.set(top, layer);
  }
  return norms;
}

interface Part {
  readonly name: string;
  readonly role: string;
  readonly layer: Layer;
  readonly blob: Blob;
  /** Its values are to be divided by what the layer's third blob says. */
  readonly isSum: boolean;
}

function tensorOf(pages: Pages, { name, role, layer, blob, isSum }: Part): LazyTensor {
  const { numbers } = blob;
  const stored = storedShape(layer.type, role, blob.shape);
  const transposed = layer.transpose && isMatrix(layer.type, role) && stored.length === 2;
  const read = async (what: string): Promise<Float32Array> => {
    const count = countNumbers(pages, numbers, visibleName(name));
    if (count !== elements(stored)) {
      const has = `${visibleName(name)} has ${count} values`;
      throw damaged(pages.name, `${has}, its shape asks for ${elements(stored)}`);
    }
    const values = await readNumbers(pages, numbers, what);
    if (isSum) divide(values, await factorOf(pages, layer, what));
    return transposed ? turned(values, stored, [1, 0], what) : values;
  };
  const shape = transposed ? [...stored].reverse() : stored;
  return { name, dtype: numbers.dtype, shape, read };
}

/**
 * The statistics are sums; the third blob is what they were weighted with in all.
 *
 * @throws InceptError `weights/damaged` unless it is one number
 */
async function factorOf(pages: Pages, layer: Layer, what: string): Promise<number> {
  const name = `the factor of ${visibleName(layer.name)}`;
  const numbers = layer.blobs[2]?.numbers;
  if (numbers === undefined) throw damaged(pages.name, `${name} is not there`);
  const count = countNumbers(pages, numbers, name);
  if (count !== 1) throw damaged(pages.name, `${name} has ${count} values and not one`);
  const [factor] = await readNumbers(pages, numbers, what);
  return factor!;
}

/** As Caffe does: of a net that was never trained all are 0. */
function divide(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = factor === 0 ? 0 : values[i]! / factor;
}

/**
 * Files of before 2014 have four sizes for everything: a matrix is 1 x 1 x out x in, a vector
 * 1 x 1 x 1 x n, in some forks 1 x n x 1 x 1.
 */
function storedShape(type: string, role: string, sizes: Shape): Shape {
  if (isMatrix(type, role)) {
    const isLegacy = sizes.length === 4 && sizes[0] === 1 && sizes[1] === 1;
    return isLegacy ? sizes.slice(2) : sizes;
  }
  const isKernel = role === "weight" && /convolution$/i.test(type);
  const isVector = sizes.filter((size) => size !== 1).length <= 1;
  return isVector && !isKernel ? [elements(sizes)] : sizes;
}

const isMatrix = (type: string, role: string): boolean =>
  type === "InnerProduct" && role === "weight";
