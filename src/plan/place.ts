/**
 * Decides which operands of concats are written straight into the result, and which slices are read
 * where they lie, so that nothing is copied.
 *
 *     y = concat (b1, b3, b5, pool)              y: [b1 | b3 | b5 | pool]
 *     d1 = slice 0..63 (dy)                      dy: [d1 | d3 | d5 | dpool]
 *     d3 = slice 64..191 (dy)   …
 *
 * Such a view is a stretch of the result's channels for its whole life, whoever else reads it; a result
 * that is a view itself takes its own operands along. The network's input is none, nor is a value
 * that is a view already, or one that would start where the target cannot address a slice, unless its
 * kernel can begin inside of a block (inside.ts): those are copied by the concat. A slice is none of the
 * network's input, nor where none can start.
 */
import { isNode, type Graph, type Node, runNodes } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { concat, slice } from "../ops/joins/concat.js";
import { Insides } from "./inside.js";
import type { CopiedOperand, LayoutRule, Placement, View } from "./plan.js";
import { startsOf } from "./starts.js";

/** Of a graph that is not planned. */
export const nothingPlaced: Placement = { views: new Map(), apart: new Set(), copies: [] };

type Rule = Pick<LayoutRule, "sliceStarts" | "keepsToChannels">;

export function placeViews(graph: Graph, rule: Rule): Placement {
  const views = new Map<Value, View>();
  const apart = new Set<Value>();
  const copies: CopiedOperand[] = [];
  const insides = new Insides(graph, rule, views);
  for (const node of runNodes(graph)) {
    if (isNode(node, slice)) {
      const [of, channel] = [node.inputs[0]!, node.attrs.from];
      const isView = of.kind !== "input" && rule.sliceStarts(channel, of.shape);
      if (isView) views.set(node.outputs[0]!, { of, channel });
    }
    if (!isNode(node, concat)) continue;
    const into = node.outputs[0]!;
    const starts = startsOf(node.inputs);
    for (const [i, operand] of node.inputs.entries()) {
      const channel = starts[i]!;
      const isInside = !rule.sliceStarts(channel, into.shape);
      const own = obstacle(operand, into, views);
      const why = own ?? (isInside ? insides.obstacle(node, i) : undefined);
      if (why !== undefined) {
        copies.push({ operand, into, why });
        continue;
      }
      views.set(operand, { of: into, channel });
      if (isInside) for (const each of insides.keptApart(node, i)) apart.add(each);
    }
  }
  return { views, apart, copies };
}

function obstacle(
  operand: Value,
  into: Value,
  views: ReadonlyMap<Value, View>,
): string | undefined {
  if (operand.kind === "input") return "it is the network's input";
  const earlier = views.get(operand)?.of;
  if (earlier === into) return "it is an operand twice";
  if (earlier !== undefined) return `${earlier.name} holds it`;
  return undefined;
}

/** Whether each operand of a concat lies where the result has it; one that comes twice does once. */
export function inPlace({ inputs, outputs }: Node, { views }: Placement): readonly boolean[] {
  const starts = startsOf(inputs);
  return inputs.map((input, i) => {
    const view = views.get(input);
    return view?.of === outputs[0] && view?.channel === starts[i];
  });
}

/** Whether the slice is read where it lies. */
const isView = ({ inputs, outputs }: Node, { views }: Placement): boolean =>
  views.get(outputs[0]!)?.of === inputs[0];

/**
 * Whether the node does anything at run time: a concat whose operands are all in place does not, nor
 * a slice that is.
 */
export function runs(node: Node, placement: Placement): boolean {
  if (isNode(node, slice)) return !isView(node, placement);
  return !isNode(node, concat) || !inPlace(node, placement).every(Boolean);
}

/** `conv 3x3 128 pad 1 relu`, `concat 3 of 4 in place` */
export function operatorText(node: Node, placement: Placement): string {
  const words = [node.primitive.name, node.primitive.format(node.attrs)];
  const placed = inPlace(node, placement);
  const count = placed.filter(Boolean).length;
  if (isNode(node, slice) && isView(node, placement)) words.push("in place");
  else if (isNode(node, concat) && count > 0) words.push(`${count} of ${placed.length} in place`);
  return words.filter((word) => word !== "").join(" ");
}
