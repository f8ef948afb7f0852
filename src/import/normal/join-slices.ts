/**
 * Neighbouring channels of one value that a concat brings together again are one slice of it, or
 * the value itself; what scales each of them scales that. So torchvision's `transform_input` is one
 * `scale`, and a slice of a slice one slice.
 *
 *     r = slice 0..0 (x)     r' = scale 2 shift 5 (r)
 *     g = slice 1..1 (x)     g' = scale 3 shift 6 (g)
 *     b = slice 2..2 (x)     b' = scale 4 shift 7 (b)
 *     y = concat (r', g', b')               ->   y = scale [2, 3, 4] shift [5, 6, 7] (x)
 *
 * It does not touch slices in another order, nor scaled ones that are needed elsewhere.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { concat, slice } from "../../ops/joins/concat.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import { channels } from "../../ops/shape.js";
import { aloneOf } from "./alone.js";
import { instead, type Instead, rule, type Site } from "./rule.js";
import { eachOf, shortened } from "./scales.js";

export const joinSlices = rule("join-slices", (node, site) => {
  if (isNode(node, slice)) return sliceOfSlice(node, site);
  return isNode(node, concat) ? joined(node, site) : undefined;
});

function sliceOfSlice(node: Node<{ from: number; count: number }>, site: Site) {
  const before = site.producer(node.inputs[0]!);
  if (before === undefined || !isNode(before, slice)) return undefined;
  const { from, count } = node.attrs;
  const attrs = { from: before.attrs.from + from, count };
  return { nodes: [instead(node, slice, before.inputs, attrs)] };
}

/** An operand of a concat: channels of a value, perhaps scaled; or of what it is all channels. */
interface Part {
  readonly operand: Value;
  readonly of: Value;
  readonly from: number;
  readonly to: number;
  readonly scaled?: ScaleAttrs;
}

function joined(node: Node, site: Site): Instead | undefined {
  const runs: Part[][] = [];
  for (const operand of node.inputs) {
    const part = partOf(operand, site);
    const last = runs.at(-1)?.at(-1);
    if (last?.of === part.of && last.to === part.from) runs.at(-1)!.push(part);
    else runs.push([part]);
  }
  if (runs.length === node.inputs.length) return undefined;
  const made = runs.map((run) => whole(run, node, site));
  const nodes = made.flatMap((each) => each.nodes);
  const values = made.map(({ value }) => value);
  if (values.length > 1) return { nodes: [...nodes, instead(node, concat, values, {})] };
  const last = nodes.at(-1);
  // What makes the whole makes the concat's own value.
  return last === undefined
    ? { value: values[0]! }
    : { nodes: [...nodes.slice(0, -1), { ...last, outputs: node.outputs }] };
}

function partOf(operand: Value, site: Site): Part {
  const scaling = aloneOf(operand, scale, site);
  const [value] = scaling?.inputs ?? [operand];
  const cut = site.producer(value!);
  if (cut === undefined || !isNode(cut, slice)) {
    return { operand, of: operand, from: 0, to: channels(operand.shape) };
  }
  const { from, count } = cut.attrs;
  const part = { operand, of: cut.inputs[0]!, from, to: from + count };
  return scaling === undefined ? part : { ...part, scaled: scaling.attrs };
}

interface Whole {
  readonly value: Value;
  readonly nodes: readonly Node[];
}

/** The value that a run of parts is, and what makes it. */
function whole(run: readonly Part[], node: Node, site: Site): Whole {
  const [{ operand, of, from }, last] = [run[0]!, run.at(-1)!];
  if (run.length === 1) return { value: operand, nodes: [] };
  const count = last.to - from;
  const cut = count === channels(of.shape) ? [] : [site.node(node, slice, [of], { from, count })];
  const value = cut[0]?.outputs[0] ?? of;
  if (run.every(({ scaled }) => scaled === undefined)) return { value, nodes: cut };
  const attrs = {
    scale: shortened(run.flatMap((part) => eachOf(part.scaled?.scale ?? [1], sizeOf(part)))),
    shift: shortened(run.flatMap((part) => eachOf(part.scaled?.shift ?? [0], sizeOf(part)))),
  };
  const scaling = site.node(node, scale, [value], attrs);
  return { value: scaling.outputs[0]!, nodes: [...cut, scaling] };
}

const sizeOf = ({ from, to }: Part): number => to - from;
