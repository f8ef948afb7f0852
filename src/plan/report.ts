/** What `explain` shows, as data: rows for the nodes of a graph, and a map of a plan's arena. */
import {
  isNode,
  operandsOf,
  parametersBehind,
  parametersOf,
  runNodes,
  type Graph,
  type Node,
} from "../graph/graph.js";
import type { Parameter, Value } from "../graph/value.js";
import { conv2d } from "../ops/conv2d.js";
import { pooledConv } from "../ops/pooled-conv.js";
import { elements, type Shape } from "../ops/shape.js";
import type { Placement, Plan } from "./plan.js";
import { nothingPlaced, operatorText, runs } from "./place.js";

export interface Row {
  /** Of the steps' paths, up to the first dot. */
  readonly stage: string;
  /** The steps of the spec that the node computes. */
  readonly paths: readonly string[];
  /** `conv 3x3 128 pad 1 relu` */
  readonly operator: string;
  readonly outputs: readonly Shape[];
  /** Numbers learned in training; running statistics are state and not counted. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Whether it does anything at run time: a concat written in place does not. */
  readonly runs: boolean;
}

export interface Totals {
  readonly parameters: number;
  readonly macs: number;
  readonly convolutions: number;
  /** Nodes that do something at run time. */
  readonly launches: number;
}

/** One row a node, in the graph's order: of the graph as written, or of one that is planned. */
export const rowsOf = (graph: Graph, placement: Placement = nothingPlaced): readonly Row[] =>
  runNodes(graph).map((node) => rowOf(node, graph, placement));

/** What is known of one node of a run. */
export function rowOf(node: Node, graph: Graph, placement: Placement): Row {
  const { primitive, attrs, inputs, outputs, origin } = node;
  return {
    stage: origin.paths[0]!.split(".")[0]!,
    paths: origin.paths,
    operator: operatorText(node, placement),
    outputs: outputs.map((value) => value.shape),
    parameters: learned(node, graph),
    macs: primitive.macs(
      inputs.map((input) => input.shape),
      attrs,
    ),
    runs: runs(node, placement),
  };
}

const learned = (node: Node, graph: Graph): number => numbersOf(parametersBehind(graph, [node]));

/** Running statistics are not learned. */
const numbersOf = (parameters: readonly Parameter[]): number =>
  parameters
    .filter(({ kind }) => kind === "parameter")
    .reduce((sum, { shape }) => sum + elements(shape), 0);

export function totalsOf(graph: Graph, placement: Placement = nothingPlaced): Totals {
  const rows = rowsOf(graph, placement);
  return {
    // Derivatives read parameters that the way to the losses has read.
    parameters: numbersOf(parametersOf(graph)),
    macs: rows.reduce((sum, row) => sum + row.macs, 0),
    convolutions: graph.nodes.filter((node) => isNode(node, conv2d) || isNode(node, pooledConv))
      .length,
    launches: rows.filter((row) => row.runs).length,
  };
}

/** Bytes of an arena that a value, with the slices in it, or a node's scratch holds. */
export interface ArenaRow {
  /** Which arena: that of each image, or of a batch. */
  readonly arena: "image" | "batch";
  readonly name: string;
  readonly kind: "value" | "scratch";
  /** Values that live inside it as slices. */
  readonly slices: readonly string[];
  readonly offset: number;
  readonly bytes: number;
  /** First and last level of its life. */
  readonly from: number;
  readonly to: number;
}

/** By offset, then by time. Values that overwrite one another in place show the same offset. */
export function arenaRows(plan: Plan): readonly ArenaRow[] {
  const lives = livesOf(plan);
  const placed = [...plan.values.values()];
  const owners = new Set(placed.map(({ value, sliceOf }) => sliceOf?.value ?? value));
  const rows = [...owners].flatMap((owner): readonly ArenaRow[] => {
    const members = placed.filter(({ value, sliceOf }) => (sliceOf?.value ?? value) === owner);
    const { place } = members[0]!;
    if (place.kind !== "arena") return [];
    const levels = members.flatMap(({ value }) => lives.get(value) ?? []);
    const slices = members.filter(({ value }) => value !== owner);
    return [
      {
        arena: place.extent,
        name: owner.name,
        kind: "value",
        slices: slices.map(({ value }) => value.name),
        offset: place.buffer,
        bytes: place.bytes,
        from: Math.min(...levels),
        to: Math.max(...levels),
      },
    ];
  });
  const scratch = plan.nodes.flatMap(({ node, level, workspace }): readonly ArenaRow[] => {
    // What each thread has of its own is in no arena.
    if (workspace === undefined || workspace.of === "thread") return [];
    const { of: arena, offset, bytes } = workspace;
    const name = node.outputs[0]!.name;
    const life = { from: level, to: level };
    return [{ arena, name, kind: "scratch", slices: [], offset, bytes, ...life }];
  });
  const inOrder = (a: ArenaRow, b: ArenaRow): number => a.offset - b.offset || a.from - b.from;
  return (["image", "batch"] as const).flatMap((arena) =>
    [...rows, ...scratch].filter((row) => row.arena === arena).sort(inOrder),
  );
}

/** The levels at which each value is made and used. */
function livesOf({ nodes, copies, inputs }: Plan): ReadonlyMap<Value, readonly number[]> {
  const lives = new Map<Value, number[]>();
  const touch = (value: Value, level: number): void => {
    const levels = lives.get(value) ?? [];
    levels.push(level);
    lives.set(value, levels);
  };
  for (const [value, { level }] of inputs) touch(value, level);
  for (const { node, level } of nodes) {
    for (const value of [...operandsOf(node), ...node.outputs]) touch(value, level);
  }
  for (const { value, level } of copies) touch(value, level);
  return lives;
}
