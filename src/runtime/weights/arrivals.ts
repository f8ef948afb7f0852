import type { NamedShape } from "../../checkpoints/named-shape.js";
import { type GivenTensor, isCounter } from "./given.js";
import { pairByOrder, type Pairing } from "./order.js";
import { wholePrefixes } from "./prefix.js";
import { type RenameMap, Renaming } from "./rename.js";

/** What the tensors of a checkpoint are called in a network. */
export interface Arrivals {
  /** By name in the network, in the order of the file. */
  readonly byName: ReadonlyMap<string, readonly GivenTensor[]>;
  /** Tensors without a name in the network. */
  readonly outside: readonly GivenTensor[];
  /** Entries of the rename map that match no tensor. */
  readonly unusedRenames: readonly string[];
  /** The common prefix that was left off, `module.`. */
  readonly leftOff?: string;
  /** Where parameters were paired with tensors by their order, and by no name. */
  readonly order?: Pairing;
  /** Prefixes of which each could have been left off: nobody can say which is meant. */
  readonly rivals: readonly string[];
}

/**
 * Names by the rename map; what it does not rename keeps its own, without the prefix that all
 * parameters are found under, where there is one such.
 */
export function arriveByName(
  expected: readonly NamedShape[],
  given: readonly GivenTensor[],
  rename: RenameMap,
): Arrivals {
  const renaming = new Renaming(rename);
  const renamed = new Map<GivenTensor, string>();
  for (const tensor of given) {
    const name = renaming.find(tensor.name);
    if (name !== undefined) renamed.set(tensor, name);
  }
  const reached = new Set(renamed.values());
  const prefixes = wholePrefixes(
    expected.filter(({ name }) => !reached.has(name)),
    given.filter((tensor) => !renamed.has(tensor)),
  );
  const leftOff = prefixes.length === 1 ? prefixes[0]! : "";
  const byName = new Map<string, GivenTensor[]>();
  const outside: GivenTensor[] = [];
  for (const tensor of given) {
    if (isCounter(tensor.name)) continue;
    const own = tensor.name.startsWith(leftOff) ? tensor.name.slice(leftOff.length) : undefined;
    const name = renamed.get(tensor) ?? own;
    const others = name === undefined ? outside : byName.get(name);
    if (others !== undefined) others.push(tensor);
    else byName.set(name!, [tensor]);
  }
  return {
    byName,
    outside,
    unusedRenames: renaming.unused,
    ...(leftOff === "" ? {} : { leftOff }),
    rivals: prefixes.length > 1 ? prefixes : [],
  };
}

/** Each tensor is called as the parameter of its place; from the first that does not agree none is. */
export function arriveByOrder(
  expected: readonly NamedShape[],
  given: readonly GivenTensor[],
): Arrivals {
  const order = pairByOrder(expected, given);
  const sure = order.pairs.slice(0, order.wrong);
  const byName = new Map<string, GivenTensor[]>();
  for (const { expected: parameter, given: tensor } of sure) {
    if (parameter !== undefined && tensor !== undefined) byName.set(parameter.name, [tensor]);
  }
  return { byName, outside: order.left, unusedRenames: [], rivals: [], order };
}
