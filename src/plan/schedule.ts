import { type Graph, type Node, operandsOf, runNodes } from "../graph/graph.js";
import { readersOf } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import { runs } from "./place.js";
import type { LayoutRule, Placement } from "./plan.js";
import { byDataflow, byLevels, type Moment, type Order } from "./order.js";

/**
 * All that happens in a run, each at its moment: as early as what it reads allows or, where the node
 * asks for that, as late as what reads it does.
 */
export interface Schedule extends Order {
  readonly momentOf: ReadonlyMap<Node, Moment>;
  /** When each of the network's inputs is brought into the arena, where the target does that. */
  readonly inputs: ReadonlyMap<Value, Moment>;
  /** When each output is stored, where a copy does that. */
  readonly copies: readonly Moment[];
  /** After all else: when states become what the graph says. */
  readonly end: Moment;
}

/**
 * A concat whose operands are all in place does nothing: it shares the level of its last operand.
 * Doing everything as early as possible makes the fewest levels, and so the fewest barriers.
 *
 * @param copied the values that are stored as outputs by a copy
 */
export function schedule(
  graph: Graph,
  placement: Placement,
  rule: Pick<LayoutRule, "order" | "loadsInputs">,
  copied: readonly Value[],
): Schedule {
  const moments: Draft[] = [];
  const makers = new Map<Value, Moment>();
  const add = (inputs: readonly Value[], acts: boolean): Draft => {
    const after = [...new Set(inputs.flatMap((value) => makers.get(value) ?? []))];
    const ready = Math.max(-1, ...after.map(({ level }) => level));
    const moment = { index: moments.length, level: acts ? ready + 1 : ready, after };
    moments.push(moment);
    return moment;
  };
  const loaded = rule.loadsInputs ? graph.inputs : [];
  const inputs = new Map(loaded.map((value) => [value, add([], true)]));
  for (const [value, moment] of inputs) makers.set(value, moment);
  const momentOf = new Map<Node, Draft>();
  for (const node of runNodes(graph)) {
    const moment = add(operandsOf(node), runs(node, placement));
    momentOf.set(node, moment);
    for (const output of node.outputs) makers.set(output, moment);
  }
  postpone(graph, momentOf);
  const copies = copied.map((value) => add([value], true));
  const all = [...moments];
  const last = Math.max(-1, ...all.map(({ level }) => level));
  const end = { index: all.length, level: last + 1, after: all };
  moments.push(end);
  const order = rule.order === "levels" ? byLevels : byDataflow(moments);
  const before = (a: Moment, b: Moment): boolean => order.before(a, b);
  return { inputs, momentOf, copies, end, before };
}

type Draft = { -readonly [K in keyof Moment]: Moment[K] };

/** Readers first: what one of them waits for may be late itself. */
function postpone(graph: Graph, momentOf: ReadonlyMap<Node, Draft>): void {
  const late = runNodes(graph).filter((node) => node.late === true);
  if (late.length === 0) return;
  const readers = readersOf(graph);
  for (const node of late.reverse()) {
    const levels = node.outputs.flatMap((value) =>
      (readers.get(value) ?? []).map((reader) => momentOf.get(reader)!.level),
    );
    if (levels.length > 0) momentOf.get(node)!.level = Math.min(...levels) - 1;
  }
}
