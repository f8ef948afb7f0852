import { type Graph, type Node, operandsOf, runNodes } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Block } from "./arena.js";
import type { Moment } from "./order.js";
import { type Layout, sameLayout, type Slices } from "../kernels/layout.js";
import type { Extent } from "../ops/primitive.js";
import type { LayoutRule } from "./plan.js";
import type { Schedule } from "./schedule.js";

/** Bytes of the arena that one value owns, with the slices in it, or several one after the other. */
export interface Buffer extends Block {
  readonly layout: Layout;
  /** Which arena it lies in: that of one image, or that of a run. */
  readonly extent: Extent;
}

/** What the planner has settled before it looks at lives. */
export interface Setting {
  readonly graph: Graph;
  readonly rule: LayoutRule;
  readonly order: Schedule;
  readonly slices: Slices;
  /** Values outside the arena: the outputs written directly, and the inputs unless they are loaded. */
  readonly outside: ReadonlySet<Value>;
  /** The values that copies store as outputs, in the order of `order.copies`. */
  readonly copied: readonly Value[];
}

interface Draft extends Pick<Buffer, "extent"> {
  readonly bytes: number;
  readonly layout: Layout;
  readonly made: Moment[];
  readonly uses: Moment[];
}

/** The buffer of every value that owns one: those that are neither slices nor outside the arena. */
export function buffersOf(setting: Setting): ReadonlyMap<Value, Buffer> {
  const { graph, rule, order, slices, outside, copied } = setting;
  const drafts = new Map<Value, Draft>();
  const nodes = runNodes(graph);
  const values = [...graph.inputs, ...nodes.flatMap((node) => node.outputs)];
  // What holds slices is laid out as they are, be it made by a node or by the planner alone.
  const members = new Map([...slices].map(([member, { value }]) => [value, member]));
  for (const value of new Set([...values, ...members.keys()])) {
    if (slices.has(value) || outside.has(value)) continue;
    const layout = rule.layout(members.get(value) ?? value);
    const bytes = rule.bytes(value, layout);
    drafts.set(value, { bytes, layout, extent: value.extent, made: [], uses: [] });
  }
  const draftOf = (value: Value): Draft | undefined =>
    drafts.get(slices.get(value)?.value ?? value);
  for (const [value, moment] of order.inputs) draftOf(value)!.made.push(moment);
  for (const node of nodes) {
    const moment = order.momentOf.get(node)!;
    for (const value of node.outputs) draftOf(value)?.made.push(moment);
    for (const value of operandsOf(node)) draftOf(value)?.uses.push(moment);
  }
  copied.forEach((value, i) => draftOf(value)?.uses.push(order.copies[i]!));
  for (const { value } of graph.updates) draftOf(value)?.uses.push(order.end);
  for (const node of nodes) overwrite(node, setting, drafts);
  return freeze(drafts);
}

/** Lets the node write over an input that dies with it: the two values become one draft. */
function overwrite(node: Node, { order }: Setting, drafts: Map<Value, Draft>): void {
  const [output] = node.outputs;
  const own = drafts.get(output!);
  if (own === undefined || !node.primitive.inPlace) return;
  const moment = order.momentOf.get(node)!;
  for (const input of node.inputs) {
    // Looked up by the input itself: a slice owns no bytes to give away.
    const old = drafts.get(input);
    if (old === undefined) continue;
    const once = node.inputs.filter((other) => other === input).length === 1;
    const dies = [...old.made, ...old.uses].every(
      (use) => use === moment || order.before(use, moment),
    );
    const alike = old.extent === own.extent && old.bytes === own.bytes;
    if (!once || !dies || !alike || !sameLayout(old.layout, own.layout)) continue;
    old.made.push(...own.made);
    old.uses.push(...own.uses);
    drafts.set(output!, old);
    return;
  }
}

/** A life lasts from the first definition to the last use; values of one draft share a buffer. */
function freeze(drafts: ReadonlyMap<Value, Draft>): ReadonlyMap<Value, Buffer> {
  const buffers = new Map<Draft, Buffer>();
  for (const draft of new Set(drafts.values())) {
    const { bytes, layout, extent, made, uses } = draft;
    buffers.set(draft, { bytes, layout, extent, made: [...made], touched: [...made, ...uses] });
  }
  return new Map([...drafts].map(([value, draft]) => [value, buffers.get(draft)!]));
}
