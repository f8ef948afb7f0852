/**
 * When weights are prepared, and where: what a run reads is kept as long as the model, and what is
 * only on the way to it shares scratch that is gone after loading.
 */
import { type Graph, type Node, operandsOf, prepares, runNodes } from "../graph/graph.js";
import { producersOf, readersOf } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import type { Layout } from "../kernels/layout.js";
import { elements } from "../ops/shape.js";
import { type Block, packArena } from "./arena.js";
import type { Moment, Order } from "./order.js";

/** In bytes. */
export interface PreparedPlace {
  readonly kind: "weights" | "staging";
  readonly offset: number;
}

/** What is prepared for one node of a run. */
export interface PlannedPreparation {
  readonly reader: Node;
  /** In an order that respects every use; what an earlier reader has asked for is not here. */
  readonly nodes: readonly Node[];
}

export interface PreparePlan {
  readonly preparations: readonly PlannedPreparation[];
  readonly prepared: ReadonlyMap<Value, PreparedPlace>;
  readonly weightBytes: number;
  readonly stagingBytes: number;
}

/** Scratch starts on cache lines. */
const cacheLine = 64;

export function planPreparation(
  graph: Graph,
  layout: (value: Value) => Layout,
  alignment: number,
): PreparePlan {
  const preparations = grouped(graph);
  const nodes = preparations.flatMap((each) => each.nodes);
  const readers = readersOf(graph);
  const stays = (value: Value): boolean =>
    (readers.get(value) ?? []).some((reader) => !prepares(reader));
  const prepared = new Map<Value, PreparedPlace>();
  let weightBytes = 0;
  for (const value of nodes.flatMap(({ outputs }) => outputs).filter(stays)) {
    prepared.set(value, { kind: "weights", offset: weightBytes });
    weightBytes += roundUp(bytesOf(value, layout(value)), alignment);
  }
  const staging = shared(nodes, readers, (value) => !stays(value));
  for (const [value, offset] of staging.offsets) prepared.set(value, { kind: "staging", offset });
  return { preparations, prepared, weightBytes, stagingBytes: staging.bytes };
}

/** Each node with the first of a run that needs it, so that scratch is soon free again. */
function grouped(graph: Graph): readonly PlannedPreparation[] {
  const producers = producersOf(graph);
  const seen = new Set<Node>();
  const before = (node: Node): readonly Node[] =>
    operandsOf(node).flatMap((value) => {
      const maker = producers.get(value);
      if (maker === undefined || !prepares(maker) || seen.has(maker)) return [];
      seen.add(maker);
      return [...before(maker), maker];
    });
  return runNodes(graph)
    .map((reader) => ({ reader, nodes: before(reader) }))
    .filter(({ nodes }) => nodes.length > 0);
}

/** One after the other: a value lives from the node that makes it to the last one that reads it. */
function shared(
  nodes: readonly Node[],
  readers: ReadonlyMap<Value, readonly Node[]>,
  passing: (value: Value) => boolean,
): { readonly offsets: ReadonlyMap<Value, number>; readonly bytes: number } {
  const moments = new Map(
    nodes.map((node, index): [Node, Moment] => [node, { index, level: index, after: [] }]),
  );
  const blocks = new Map<Value, Block>();
  for (const node of nodes) {
    for (const value of node.outputs.filter(passing)) {
      const made = [moments.get(node)!];
      const uses = (readers.get(value) ?? []).map((reader) => moments.get(reader)!);
      blocks.set(value, { bytes: 4 * elements(value.shape), made, touched: [...made, ...uses] });
    }
  }
  const inTurn: Order = { before: (a, b) => a.index < b.index };
  const arena = packArena([...blocks.values()], cacheLine, inTurn);
  const offsets = [...blocks].map(([value, block]) => [value, arena.offsets.get(block)!] as const);
  return { offsets: new Map(offsets), bytes: arena.bytes };
}

const bytesOf = ({ shape }: Value, layout: Layout): number =>
  layout.kind === "packed" ? layout.bytes : 4 * elements(shape);

const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;
