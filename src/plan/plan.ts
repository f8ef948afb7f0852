/**
 * Where every value lives and in which order the nodes run. A target says how it lays values out
 * (`LayoutRule`); liveness and offsets are the same for all of them.
 */
import type { Graph, Node, Value } from "../graph/graph.js";
import type { Shape } from "../ops/shape.js";

/** How one buffer's elements are addressed. Strides are in elements, for one image. */
export type Layout =
  /** NCHW, dense: the layout of inputs, outputs, vectors and the reference kernels. */
  | { readonly kind: "planar" }
  /** [ceil(C / block)][H][W][block]; lanes past C hold finite rubbish that nothing reads. */
  | { readonly kind: "blocked"; readonly block: number }
  /** [H][W][pitch]: pitch >= C where the value is a slice of a wider buffer. */
  | { readonly kind: "channels-last"; readonly pitch: number };

/** What the planner asks a target. Sizes and offsets are bytes for one image. */
export interface LayoutRule {
  readonly alignment: number;
  layout(value: Value, graph: Graph): Layout;
  bytes(shape: Shape, layout: Layout): number;
  /** Where channel `channel` of a buffer starts, or undefined if no slice can start there. */
  sliceOffset(shape: Shape, layout: Layout, channel: number): number | undefined;
  /** Scratch that the node's kernel needs while it runs. */
  workspace(node: Node, graph: Graph): number;
  /** Whether the node's kernel may write its output over this input. */
  mayOverwrite(node: Node, input: number): boolean;
}

export type Place =
  | { readonly kind: "input" }
  | { readonly kind: "output"; readonly index: number }
  | { readonly kind: "arena"; readonly offset: number; readonly bytes: number };

export interface PlacedValue {
  readonly value: Value;
  readonly place: Place;
  readonly layout: Layout;
  /** Set when the value is a run of channels inside another's buffer. */
  readonly sliceOf?: { readonly value: Value; readonly channel: number };
}

export interface PlannedNode {
  readonly node: Node;
  /** Nodes of one level do not depend on one another; a barrier stands between levels. */
  readonly level: number;
  /** Offset of the node's scratch in the arena; absent without scratch. */
  readonly workspace?: { readonly offset: number; readonly bytes: number };
}

export interface Plan {
  readonly graph: Graph;
  readonly nodes: readonly PlannedNode[];
  readonly values: ReadonlyMap<Value, PlacedValue>;
  /** Bytes of the arena for one image. */
  readonly arenaBytes: number;
}
