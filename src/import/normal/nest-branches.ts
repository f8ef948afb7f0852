/**
 * Operands of a concat that lie side by side and come from one value within a branch are a concat of
 * their own: PyTorch's older exporter writes the ends of Inception-v3 flat.
 *
 *     a = conv 1x1 (x)        b = conv 1x1 (x)
 *     l = conv 1x3 (b)        r = conv 3x1 (b)
 *     y = concat (a, l, r)                  ->   s = concat (l, r)
 *                                                y = concat (a, s)
 *
 * It does not touch operands that others need or that come from one another, as the layers of a
 * DenseNet do; nor values of other height and width, such as the features of several stages.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { concat } from "../../ops/joins/concat.js";
import { plane } from "../../ops/shape.js";
import { Dominators, type Place } from "./dominators.js";
import { instead, type Rule, type Site } from "./rule.js";

export const nestBranches: Rule = {
  name: "nest-branches",
  begin: () => {
    const dominators = new Dominators();
    return (node, site) => {
      dominators.add(node);
      if (!isNode(node, concat) || node.inputs.length < 3) return undefined;
      const runs = runsOf(node, dominators);
      if (runs.length === 1) return undefined;
      const made = runs.map((run) =>
        isSplit(run, node, dominators, site) ? [site.node(node, concat, run, {})] : [],
      );
      const inner = made.flat();
      if (inner.length === 0) return undefined;
      const operands = runs.flatMap((run, i) => made[i]![0]?.outputs ?? run);
      return { nodes: [...inner, instead(node, concat, operands, {})] };
    };
  },
};

/** Operands side by side to which all ways lead through one value behind what all come from. */
function runsOf({ inputs }: Node, dominators: Dominators): readonly (readonly Value[])[] {
  const all = dominators.common(inputs);
  const runs: Value[][] = [];
  let last: Place | undefined;
  for (const value of inputs) {
    const first =
      dominators.common([value]) === all ? undefined : dominators.firstBelow(all, value);
    if (first !== undefined && first === last) runs.at(-1)!.push(value);
    else runs.push([value]);
    last = first;
  }
  return runs;
}

/** Whether one value splits into these and nothing else, each by a way of its own. */
function isSplit(run: readonly Value[], node: Node, dominators: Dominators, site: Site): boolean {
  if (run.length < 2 || !run.every((value) => site.isAlone(value))) return false;
  const split = dominators.common(run);
  const all = dominators.common(node.inputs);
  if (split.value === undefined || run.includes(split.value)) return false;
  const ways = new Set(run.map((value) => dominators.firstBelow(split, value)));
  if (ways.size < run.length || site.needs(split.value) !== run.length) return false;
  const planes = [split.value, ...(all.value ? [all.value] : []), ...run];
  return planes.every(({ shape }) => plane(shape).join() === plane(run[0]!.shape).join());
}
