import { suggest } from "../../diagnostics/suggest.js";
import { sameShape } from "../../ops/shape.js";
import { isFloatDtype } from "../../checkpoints/dtype.js";
import type { Unreadable } from "../../checkpoints/checkpoint.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import { prefixRename } from "./prefix.js";
import { type RenameMap, Renaming } from "./rename.js";

/** A tensor of a checkpoint; values that a caller gave have no stored type. */
export interface GivenTensor extends NamedShape {
  readonly dtype?: string;
  readonly unreadable?: Unreadable;
}

/** How a checkpoint's tensors fit a network's parameters. Each parameter is in one of the first six. */
export interface WeightMatch {
  /** Parameter name -> name of the tensor that fits it. */
  readonly found: ReadonlyMap<string, string>;
  readonly missing: readonly Missing[];
  readonly wrongShape: readonly Mismatch[];
  /** Integers, booleans and types that nothing here converts, of the right shape. */
  readonly wrongDtype: readonly Mismatch[];
  /** Tensors that the file has in a form that is not read; of some it does not tell the shape. */
  readonly unreadable: readonly Mismatch[];
  /** Several tensors that are renamed to one parameter. */
  readonly clashes: readonly { readonly name: string; readonly tensors: readonly string[] }[];
  /**
   * Tensors that stand beside a parameter of the network, where it has none of that name: the
   * spec's layer is not the checkpoint's (it lacks a bias, say), and results would be wrong.
   */
  readonly extra: readonly string[];
  /** Tensors of layers that the network does not have, such as another head. */
  readonly unused: readonly string[];
  /** Entries of the rename map that match no tensor. */
  readonly unusedRenames: readonly string[];
  /** The entry that would fit the missing parameters, where a common prefix is all that is wrong. */
  readonly prefix?: RenameMap;
}

export interface Missing extends NamedShape {
  /** An unused tensor of the same shape with a similar name. */
  readonly nearest?: string;
}

export interface Mismatch {
  readonly expected: NamedShape;
  readonly given: GivenTensor;
}

export interface MatchOptions {
  readonly rename?: RenameMap;
  /** Parameters that a checkpoint may hold and the network leaves out, by name in the network. */
  readonly ignored?: (name: string) => boolean;
}

/**
 * Fits a checkpoint's tensors to a network's parameters by name. `num_batches_tracked` is no
 * weight and counts nowhere; neither does what `ignored` (the parameters of an aux left out) names.
 */
export function matchWeights(
  expected: readonly NamedShape[],
  given: readonly GivenTensor[],
  { rename = {}, ignored = () => false }: MatchOptions = {},
): WeightMatch {
  const renaming = new Renaming(rename);
  const byName = new Map<string, GivenTensor[]>();
  for (const tensor of given) {
    const name = renaming.apply(tensor.name);
    if (isCounter(tensor.name)) continue;
    const others = byName.get(name);
    if (others === undefined) byName.set(name, [tensor]);
    else others.push(tensor);
  }
  const missing: NamedShape[] = [];
  const found = new Map<string, string>();
  const wrongShape: Mismatch[] = [];
  const wrongDtype: Mismatch[] = [];
  const unreadable: Mismatch[] = [];
  const clashes: { name: string; tensors: string[] }[] = [];
  for (const parameter of expected) {
    const { name } = parameter;
    const [tensor, ...others] = byName.get(name) ?? [];
    if (tensor === undefined) missing.push(parameter);
    else if (others.length > 0) clashes.push({ name, tensors: [tensor, ...others].map(nameOf) });
    else if (tensor.unreadable !== undefined)
      unreadable.push({ expected: parameter, given: tensor });
    else if (!sameShape(tensor.shape, parameter.shape))
      wrongShape.push({ expected: parameter, given: tensor });
    else if (tensor.dtype !== undefined && !isFloatDtype(tensor.dtype))
      wrongDtype.push({ expected: parameter, given: tensor });
    else found.set(name, tensor.name);
  }
  const names = new Set(expected.map(nameOf));
  const layers = new Set(expected.map(({ name }) => layerOf(name)));
  const unclaimed = [...byName].filter(([name]) => !names.has(name) && !ignored(name));
  const tensorsOf = (entries: typeof unclaimed): GivenTensor[] => entries.flatMap(([, all]) => all);
  const isExtra = ([name]: (typeof unclaimed)[number]): boolean => layers.has(layerOf(name));
  const left = tensorsOf(unclaimed);
  const prefix = prefixRename(missing, left);
  return {
    found,
    missing: withNearest(missing, unclaimed),
    wrongShape,
    wrongDtype,
    unreadable,
    clashes,
    extra: tensorsOf(unclaimed.filter(isExtra)).map(nameOf),
    unused: tensorsOf(unclaimed.filter((entry) => !isExtra(entry))).map(nameOf),
    unusedRenames: renaming.unused,
    ...(prefix === undefined ? {} : { prefix }),
  };
}

const nameOf = ({ name }: NamedShape): string => name;

const isCounter = (name: string): boolean => /(?:^|\.)num_batches_tracked$/.test(name);

const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(".")));

/** Two names are compared letter by letter: of a file with very many, not all pairs are. */
const mostComparisons = 50_000;

function withNearest(
  missing: readonly NamedShape[],
  unclaimed: readonly (readonly [name: string, tensors: readonly GivenTensor[]])[],
): readonly Missing[] {
  /** By shape: what a tensor is called in the network and in the checkpoint, and the latter. */
  const byShape = new Map<string, (readonly [called: string, tensor: string])[]>();
  for (const [called, tensors] of unclaimed) {
    for (const { name, shape } of tensors) {
      const alike = byShape.get(shape.join()) ?? [];
      alike.push([called, name], ...(called === name ? [] : [[name, name] as const]));
      byShape.set(shape.join(), alike);
    }
  }
  let left = mostComparisons;
  return missing.map(({ name, shape }) => {
    const alike = new Map((byShape.get(shape.join()) ?? []).slice(0, left));
    left -= alike.size;
    const nearest = alike.get(suggest(name, alike.keys()) ?? "");
    return nearest === undefined ? { name, shape } : { name, shape, nearest };
  });
}
