import type { Checkpoint } from "../../checkpoints/checkpoint.js";
import { isFloatDtype } from "../../checkpoints/dtype.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { fitsShape, type GivenTensor, isCounter, layerOf } from "./given.js";

/** A parameter beside the tensor of the same place in the file; past the end of either alone. */
export interface Pair {
  readonly expected?: NamedShape;
  readonly given?: GivenTensor;
}

export interface Pairing {
  /** Of the parameters in the spec's order; and of what more the last one's layer has. */
  readonly pairs: readonly Pair[];
  /** The first that does not agree, as an index. */
  readonly wrong?: number;
  /** Tensors of layers that come after all of the network's. */
  readonly left: readonly GivenTensor[];
}

/**
 * Pairs parameters with tensors layer by layer, each in its own order: weight with weight, bias with
 * bias, whichever comes first in the file. Counters and what is no float are left out.
 */
export function pairByOrder(
  expected: readonly NamedShape[],
  given: readonly GivenTensor[],
): Pairing {
  const wanted = byLayer(expected);
  const tensors = byLayer(given.filter(isWeight));
  const pairs = wanted.map((one, i): Pair => {
    const tensor = tensors[i];
    return { expected: one, ...(tensor === undefined ? {} : { given: tensor }) };
  });
  const rest = tensors.slice(wanted.length);
  const wrong = pairs.findIndex((pair) => !agrees(pair));
  if (wrong !== -1) return { pairs, wrong, left: rest };
  const last = tensors[wanted.length - 1];
  const layer = last === undefined ? "" : layerOf(last.name);
  const [next] = rest;
  if (next === undefined || layer === "" || layerOf(next.name) !== layer) {
    return { pairs, left: rest };
  }
  // A layer that has more than the spec's is another one.
  return { pairs: [...pairs, { given: next }], wrong: pairs.length, left: rest.slice(1) };
}

const isWeight = ({ name, dtype, unreadable }: GivenTensor): boolean =>
  !isCounter(name) && (unreadable !== undefined || dtype === undefined || isFloatDtype(dtype));

function agrees({ expected, given }: Pair): boolean {
  if (expected === undefined || given === undefined) return false;
  if (given.unreadable !== undefined || !fitsShape(given, expected.shape)) return false;
  const [wanted, is] = [roleOf(expected.name), roleOf(given.name)];
  return wanted === undefined || is === undefined || wanted === is;
}

/**
 * What the last part of a name says that a tensor is, in PyTorch's order: as PyTorch calls it, and
 * Keras and TensorFlow. Of others nothing is said.
 */
const roles: Readonly<Record<string, number>> = {
  ...{ weight: 0, kernel: 0, depthwise_kernel: 0, gamma: 0 },
  ...{ bias: 1, beta: 1 },
  ...{ running_mean: 2, moving_mean: 2 },
  ...{ running_var: 3, moving_var: 3, moving_variance: 3 },
};

function roleOf(name: string): number | undefined {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(roles, last) ? roles[last] : undefined;
}

/** In their order, but those of one layer as PyTorch has them, where their names say what they are. */
function byLayer<T extends NamedShape>(all: readonly T[]): readonly T[] {
  const layers: T[][] = [];
  for (const one of all) {
    const [first] = layers.at(-1) ?? [];
    const layer = layerOf(one.name);
    if (first !== undefined && layer !== "" && layerOf(first.name) === layer)
      layers.at(-1)!.push(one);
    else layers.push([one]);
  }
  return layers.flatMap((layer) => {
    const found = layer.map(({ name }) => roleOf(name));
    const isSure = !found.includes(undefined) && new Set(found).size === found.length;
    return isSure ? layer.sort((a, b) => roleOf(a.name)! - roleOf(b.name)!) : layer;
  });
}

/** @throws InceptError `weights/order` for a file whose order says nothing */
export function requireOrder({ name, unordered }: Pick<Checkpoint, "name" | "unordered">): void {
  if (unordered === undefined) return;
  const what = `${name} ${unordered}, which says nothing of the order in a network.`;
  throw new InceptError("weights/order", what, {
    help: "pair by the order of the .pth, .caffemodel, .keras or .onnx file that it was made of, or rename",
  });
}
