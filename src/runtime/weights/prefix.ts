import { sameShape } from "../../ops/shape.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import type { RenameMap } from "./rename.js";

/** Wrappers put a name or two before all others: `module.`, `model.`, `backbone.net.`. */
const mostParts = 4;

/**
 * The rename that makes the most missing parameters found by taking one common prefix off the
 * tensors' names, or putting one before them; undefined unless it serves half of them.
 */
export function prefixRename(
  missing: readonly NamedShape[],
  tensors: readonly NamedShape[],
): RenameMap | undefined {
  const strip = commonPrefix(tensors, missing);
  const add = commonPrefix(missing, tensors);
  const best = strip.count >= add.count ? strip : add;
  if (best.count === 0 || 2 * best.count < missing.length) return undefined;
  return best === strip ? { [strip.prefix]: "" } : { "": add.prefix };
}

/** The prefix without which the most of `long` are one of `short`, of the same shape. */
function commonPrefix(
  long: readonly NamedShape[],
  short: readonly NamedShape[],
): { readonly prefix: string; readonly count: number } {
  const shapes = new Map(short.map(({ name, shape }) => [name, shape]));
  const counts = new Map<string, number>();
  for (const { name, shape } of long) {
    let dot = name.indexOf(".");
    for (let parts = 0; parts < mostParts && dot !== -1; parts++) {
      const wanted = shapes.get(name.slice(dot + 1));
      const prefix = name.slice(0, dot);
      if (wanted !== undefined && sameShape(wanted, shape))
        counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      dot = name.indexOf(".", dot + 1);
    }
  }
  return [...counts].reduce(
    (best, [prefix, count]) => (count > best.count ? { prefix, count } : best),
    { prefix: "", count: 0 },
  );
}
