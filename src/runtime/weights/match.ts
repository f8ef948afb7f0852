import { isFloatDtype } from "../../checkpoints/dtype.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import { arriveByName, arriveByOrder } from "./arrivals.js";
import { fitsShape, type GivenTensor, layerOf } from "./given.js";
import { type Missing, withNearest } from "./nearest.js";
import type { Pairing } from "./order.js";
import { prefixRename } from "./prefix.js";
import type { RenameMap } from "./rename.js";

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
  /** The common prefix that was left off the file's names, `module.`. */
  readonly leftOff?: string;
  /** Prefixes of which each could be left off, where there are several: `ema.`, `model.`. */
  readonly rivals?: readonly string[];
  /** The entry that would fit the missing parameters, where a common prefix is all that is wrong. */
  readonly prefix?: RenameMap;
  /** Where parameters were paired with tensors by their order. */
  readonly order?: Pairing;
}

export interface Mismatch {
  readonly expected: NamedShape;
  readonly given: GivenTensor;
}

export interface MatchOptions {
  readonly rename?: RenameMap | undefined;
  /** Pairs by the order of both, and by no name. */
  readonly byOrder?: boolean | undefined;
  /** Parameters that a checkpoint may hold and the network leaves out, by name in the network. */
  readonly ignored?: (name: string) => boolean;
}

/**
 * Fits a checkpoint's tensors to a network's parameters by name, without a prefix that all of them
 * have. `num_batches_tracked` is no weight and counts nowhere; neither does what `ignored` (the
 * parameters of an aux left out) names.
 */
export function matchWeights(
  expected: readonly NamedShape[],
  given: readonly GivenTensor[],
  { rename = {}, byOrder = false, ignored = () => false }: MatchOptions = {},
): WeightMatch {
  const arrivals = byOrder ? arriveByOrder(expected, given) : arriveByName(expected, given, rename);
  const { byName, leftOff, rivals, order } = arrivals;
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
    else if (!fitsShape(tensor, parameter.shape))
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
  const prefix = rivals.length > 0 ? undefined : prefixRename(missing, left);
  return {
    found,
    missing: withNearest(missing, unclaimed),
    wrongShape,
    wrongDtype,
    unreadable,
    clashes,
    extra: tensorsOf(unclaimed.filter(isExtra)).map(nameOf),
    unused: [...tensorsOf(unclaimed.filter((entry) => !isExtra(entry))), ...arrivals.outside].map(
      nameOf,
    ),
    unusedRenames: arrivals.unusedRenames,
    ...(order === undefined ? {} : { order }),
    ...(leftOff === undefined ? {} : { leftOff }),
    ...(rivals.length === 0 ? {} : { rivals }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

const nameOf = ({ name }: NamedShape): string => name;
