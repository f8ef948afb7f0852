import type { NamedShape } from "../../checkpoints/named-shape.js";
import { fitsShape, type GivenTensor } from "./given.js";
import type { RenameMap } from "./rename.js";

/**
 * The prefixes under which a checkpoint has every one of the parameters, each of its shape, where it
 * has none of them without: `module.`, `model.`, `net.0.`. Of one nobody else can be meant.
 *
 * @param tensors those that no rename has given another name
 */
export function wholePrefixes(
  parameters: readonly NamedShape[],
  tensors: readonly GivenTensor[],
): readonly string[] {
  const [first] = parameters;
  if (first === undefined) return [];
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  if (parameters.some(({ name }) => named.has(name))) return [];
  const end = `.${first.name}`;
  const beginnings = tensors
    .filter(({ name }) => name.endsWith(end))
    .map(({ name }) => name.slice(0, name.length - first.name.length));
  return beginnings.filter((prefix) =>
    parameters.every(({ name, shape }) => {
      const tensor = named.get(prefix + name);
      // What is not read has no shape, and is told as what it is.
      return tensor !== undefined && (tensor.unreadable !== undefined || fitsShape(tensor, shape));
    }),
  );
}

/** Wrappers put a name or two before all others: `module.`, `model.`, `backbone.net.`. */
const mostParts = 4;

/**
 * The rename that makes the most missing parameters found by taking one common prefix off the
 * tensors' names, or putting one before them; undefined unless it serves half of them.
 */
export function prefixRename(
  missing: readonly NamedShape[],
  tensors: readonly GivenTensor[],
): RenameMap | undefined {
  const strip = commonPrefix(tensors, missing);
  const add = commonPrefix(missing, tensors);
  const best = strip.count >= add.count ? strip : add;
  if (best.count === 0 || 2 * best.count < missing.length) return undefined;
  return best === strip ? { [strip.prefix]: "" } : { "": add.prefix };
}

/** The prefix without which the most of `long` are one of `short`, of the same shape. */
function commonPrefix(
  long: readonly GivenTensor[],
  short: readonly GivenTensor[],
): { readonly prefix: string; readonly count: number } {
  const shapes = new Map(short.map((one) => [one.name, one]));
  const counts = new Map<string, number>();
  for (const one of long) {
    const { name } = one;
    let dot = name.indexOf(".");
    for (let parts = 0; parts < mostParts && dot !== -1; parts++) {
      const wanted = shapes.get(name.slice(dot + 1));
      const prefix = name.slice(0, dot);
      if (wanted !== undefined && (fitsShape(one, wanted.shape) || fitsShape(wanted, one.shape)))
        counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      dot = name.indexOf(".", dot + 1);
    }
  }
  return [...counts].reduce(
    (best, [prefix, count]) => (count > best.count ? { prefix, count } : best),
    { prefix: "", count: 0 },
  );
}
