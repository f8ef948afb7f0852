/**
 * Decides where every value lives. Two values share bytes only if one's last use precedes the
 * other's definition in every order that the emitted graph allows: levels stand apart by
 * barriers and nodes of one level run at once, so that lives are ranges of levels, and two that
 * meet in one level conflict.
 */
import type { Graph, Node, Value } from "../graph/graph.js";
import { packArena, type Block } from "./arena.js";
import { buffersOf, type Buffer } from "./buffers.js";
import type { LayoutRule, Place, PlacedValue, Plan, PlannedCopy, PlannedNode } from "./plan.js";
import { schedule, type Schedule } from "./schedule.js";
import { slicesOf, type Slice } from "./slices.js";

export function planMemory(graph: Graph, rule: LayoutRule): Plan {
  const order = schedule(graph);
  const slices = slicesOf(graph);
  const direct = directOutputs(graph, rule, slices);
  const copies = planCopies(graph, direct, order);
  const outside = new Set([graph.input, ...direct.keys()]);
  const buffers = buffersOf({ graph, rule, order, slices, outside, copies });
  const scratch = scratchBlocks(graph, rule, order);
  const arena = packArena([...new Set(buffers.values()), ...scratch.values()], rule.alignment);

  const place = (value: Value): PlacedValue => {
    const index = direct.get(value);
    if (index !== undefined) return outsideArena(value, { kind: "output", index }, rule, graph);
    if (value === graph.input) return outsideArena(value, { kind: "input" }, rule, graph);
    const slice = slices.get(value);
    const buffer = buffers.get(slice?.value ?? value)!;
    return inArena(value, buffer, arena.offsets.get(buffer)!, slice, rule);
  };
  const values = [graph.input, ...graph.nodes.flatMap((node) => node.outputs)];
  return {
    graph,
    nodes: planNodes(graph, order, scratch, arena.offsets),
    copies,
    values: new Map(values.map((value) => [value, place(value)])),
    arenaBytes: arena.bytes,
  };
}

/** The outputs that their nodes write themselves, by the rule that `PlannedCopy` states. */
function directOutputs(
  graph: Graph,
  rule: LayoutRule,
  slices: ReadonlyMap<Value, Slice>,
): ReadonlyMap<Value, number> {
  const sliced = new Set([...slices.values()].map((slice) => slice.value));
  const direct = new Map<Value, number>();
  for (const [index, { value }] of graph.outputs.entries()) {
    const shared = value === graph.input || slices.has(value) || sliced.has(value);
    if (shared || direct.has(value) || rule.layout(value, graph).kind !== "planar") continue;
    direct.set(value, index);
  }
  return direct;
}

/** As early as the value is ready: that frees its bytes soonest. */
const planCopies = (
  graph: Graph,
  direct: ReadonlyMap<Value, number>,
  order: Schedule,
): readonly PlannedCopy[] =>
  graph.outputs
    .map(({ value }, index) => ({ value, index, level: order.readyAfter.get(value)! + 1 }))
    .filter(({ value, index }) => direct.get(value) !== index);

function scratchBlocks(graph: Graph, rule: LayoutRule, order: Schedule): ReadonlyMap<Node, Block> {
  const blocks = new Map<Node, Block>();
  for (const node of graph.nodes) {
    const bytes = rule.workspace(node, graph);
    const level = order.levelOf.get(node)!;
    if (bytes > 0) blocks.set(node, { bytes, from: level, to: level });
  }
  return blocks;
}

const outsideArena = (value: Value, place: Place, rule: LayoutRule, graph: Graph): PlacedValue => ({
  value,
  place,
  layout: rule.layout(value, graph),
});

function inArena(
  value: Value,
  { bytes, layout }: Buffer,
  start: number,
  slice: Slice | undefined,
  rule: LayoutRule,
): PlacedValue {
  if (slice === undefined) return { value, place: { kind: "arena", offset: start, bytes }, layout };
  const shift = rule.sliceOffset(slice.value.shape, layout, slice.channel);
  if (shift === undefined) {
    throw new Error(`bug: ${value.name} cannot start at channel ${slice.channel} of its buffer`);
  }
  const place: Place = { kind: "arena", offset: start + shift, bytes };
  return { value, place, layout, sliceOf: slice };
}

/** By level; `sort` keeps the graph's order within one. */
const planNodes = (
  graph: Graph,
  order: Schedule,
  scratch: ReadonlyMap<Node, Block>,
  offsets: ReadonlyMap<Block, number>,
): readonly PlannedNode[] =>
  graph.nodes
    .map((node): PlannedNode => {
      const level = order.levelOf.get(node)!;
      const block = scratch.get(node);
      if (block === undefined) return { node, level };
      return { node, level, workspace: { offset: offsets.get(block)!, bytes: block.bytes } };
    })
    .sort((a, b) => a.level - b.level);
