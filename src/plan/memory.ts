/**
 * Decides where every value lives. Two values share bytes only if one's last use precedes the
 * other's definition in every order that the emitted program allows: see order.ts.
 */
import { bug } from "../diagnostics/bug.js";
import { type Graph, type Node, runNodes } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Slice, Slices } from "../kernels/layout.js";
import type { Extent } from "../ops/primitive.js";
import { packArena, type Block } from "./arena.js";
import { buffersOf, type Buffer } from "./buffers.js";
import { orderSiblings } from "./order-siblings.js";
import type { Moment } from "./order.js";
import { placeViews } from "./place.js";
import { planPreparation } from "./prepare.js";
import type {
  LayoutRule,
  Place,
  PlacedValue,
  Plan,
  PlannedCopy,
  PlannedNode,
  Workspace,
} from "./plan.js";
import { schedule, type Schedule } from "./schedule.js";
import { slicesOf } from "./slices.js";

export function planMemory(given: Graph, rule: LayoutRule): Plan {
  const placement = placeViews(given, rule);
  const graph = rule.siblings === "together" ? orderSiblings(given, placement) : given;
  const slices = slicesOf(graph, placement, rule);
  const direct = directOutputs(graph, rule, slices);
  const copied = graph.outputs
    .map(({ value }, index) => ({ value, index }))
    .filter(({ value, index }) => direct.get(value) !== index);
  const values = copied.map(({ value }) => value);
  const order = schedule(graph, placement, rule, values);
  const outside = new Set([...(rule.loadsInputs ? [] : graph.inputs), ...direct.keys()]);
  const buffers = buffersOf({ graph, rule, order, slices, outside, copied: values });
  const scratch = scratchOf(graph, rule, order, slices);
  const owned = [...new Set(buffers.values())];
  const ofExtent = (extent: Extent): readonly Buffer[] =>
    owned.filter((buffer) => buffer.extent === extent);
  const scratchIn = (place: Workspace["of"]): readonly Block[] =>
    [...scratch.values()].filter(({ of }) => of === place);
  const arena = packArena([...ofExtent("image"), ...scratchIn("image")], rule.alignment, order);
  const batch = packArena([...ofExtent("batch"), ...scratchIn("batch")], rule.alignment, order);
  const offsets = new Map([...arena.offsets, ...batch.offsets]);

  const place = (value: Value): PlacedValue => {
    const index = direct.get(value);
    if (index !== undefined) return outsideArena(value, { kind: "output", index }, rule);
    if (outside.has(value)) {
      return outsideArena(value, { kind: "input", index: graph.inputs.indexOf(value) }, rule);
    }
    const slice = slices.get(value);
    const buffer = buffers.get(slice?.value ?? value)!;
    return inArena(value, buffer, offsets.get(buffer)!, slice, rule);
  };
  const all = [...graph.inputs, ...runNodes(graph).flatMap((node) => node.outputs)];
  return {
    graph,
    order,
    placement,
    slices,
    inputs: order.inputs,
    nodes: planNodes(graph, order, scratch, offsets),
    copies: copied.map((copy, i) => planCopy(copy, order.copies[i]!)),
    values: new Map(all.map((value) => [value, place(value)])),
    arenaBytes: arena.bytes,
    batchBytes: batch.bytes,
    threadBytes: Math.max(0, ...scratchIn("thread").map(({ bytes }) => bytes)),
    ...planPreparation(graph, (value) => rule.layout(value), rule.weightAlignment),
  };
}

/** The outputs that their nodes write themselves, by the rule that `PlannedCopy` states. */
function directOutputs(graph: Graph, rule: LayoutRule, slices: Slices): ReadonlyMap<Value, number> {
  const sliced = new Set([...slices.values()].map((slice) => slice.value));
  const direct = new Map<Value, number>();
  for (const [index, { value }] of graph.outputs.entries()) {
    const shared = value.kind !== "result" || slices.has(value) || sliced.has(value);
    if (shared || direct.has(value) || rule.layout(value).kind !== "planar") continue;
    direct.set(value, index);
  }
  return direct;
}

/** As early as the value is ready: that frees its bytes soonest. */
const planCopy = (
  copy: { readonly value: Value; readonly index: number },
  moment: Moment,
): PlannedCopy => ({ ...copy, moment, level: moment.level });

interface Scratch extends Block {
  readonly of: Workspace["of"];
}

function scratchOf(
  graph: Graph,
  rule: LayoutRule,
  order: Schedule,
  slices: Slices,
): ReadonlyMap<Node, Scratch> {
  const blocks = new Map<Node, Scratch>();
  for (const node of runNodes(graph)) {
    const bytes = rule.workspace(node, slices);
    const moment = order.momentOf.get(node)!;
    const of = rule.wholeBatch(node) ? "batch" : rule.scratch;
    if (bytes > 0) blocks.set(node, { of, bytes, made: [moment], touched: [moment] });
  }
  return blocks;
}

const outsideArena = (value: Value, place: Place, rule: LayoutRule): PlacedValue => ({
  value,
  place,
  layout: rule.layout(value),
});

function inArena(
  value: Value,
  { bytes, layout, extent }: Buffer,
  start: number,
  slice: Slice | undefined,
  rule: LayoutRule,
): PlacedValue {
  // What there is one of a model is no value of a run.
  const own = { kind: "arena", extent: extent === "batch" ? extent : "image", bytes } as const;
  if (slice === undefined) {
    return { value, place: { ...own, offset: start, buffer: start }, layout };
  }
  const shift = rule.sliceOffset(slice.value.shape, layout, slice.channel);
  if (shift === undefined) {
    bug(`${value.name} cannot start at channel ${slice.channel} of its buffer`);
  }
  return { value, place: { ...own, offset: start + shift, buffer: start }, layout, sliceOf: slice };
}

/** By level; `sort` keeps the graph's order within one. */
const planNodes = (
  graph: Graph,
  order: Schedule,
  scratch: ReadonlyMap<Node, Scratch>,
  offsets: ReadonlyMap<Block, number>,
): readonly PlannedNode[] =>
  runNodes(graph)
    .map((node): PlannedNode => {
      const moment = order.momentOf.get(node)!;
      const { level } = moment;
      const block = scratch.get(node);
      if (block === undefined) return { node, moment, level };
      // What a thread has of its own is free as soon as a node has run.
      const workspace = { of: block.of, offset: offsets.get(block) ?? 0, bytes: block.bytes };
      return { node, moment, level, workspace };
    })
    .sort((a, b) => a.level - b.level);
