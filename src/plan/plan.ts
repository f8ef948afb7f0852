/**
 * Where every value lives and in which order the nodes run. A target says how it lays values out
 * (`LayoutRule`); liveness and offsets are the same for all of them.
 */
import type { Graph, Node } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Layout, Slice, Slices } from "../kernels/layout.js";
import type { Shape } from "../ops/shape.js";
import type { Moment, Order } from "./order.js";
import type { PreparePlan } from "./prepare.js";

/** Where an operand lies in the result of its concat, or a slice in what it is of, from a channel on. */
export interface View {
  readonly of: Value;
  readonly channel: number;
}

/** An operand that the concat copies into its result. */
export interface CopiedOperand {
  readonly operand: Value;
  readonly into: Value;
  /** `no slice that maxpool writes can start at channel 56` */
  readonly why: string;
}

/** Which operands of concats are views of the result, and why the others are copied; and slices. */
export interface Placement {
  /** In the order of the graph and, of one concat, of its operands. */
  readonly views: ReadonlyMap<Value, View>;
  /** Those of them that lie in a block with others: what stores them keeps to their own channels. */
  readonly apart: ReadonlySet<Value>;
  readonly copies: readonly CopiedOperand[];
}

/** What the planner asks a target. Sizes and offsets are bytes for one image. */
export interface MemoryRule {
  readonly alignment: number;
  readonly weightAlignment: number;
  /** Whether barriers stand between levels, or a node waits for what it reads alone. */
  readonly order: "levels" | "dataflow";
  /** Whether what a merged convolution makes must lie side by side for one call to write it. */
  readonly siblings: "apart" | "together";
  /** Whether the network's inputs are brought into the arena before anything reads them. */
  readonly loadsInputs: boolean;
  /** Whether a node's scratch lies in the arena of its image, or each thread has some of its own. */
  readonly scratch: "image" | "thread";
  bytes(value: Pick<Value, "shape" | "dtype">, layout: Layout): number;
  /** Where channel `channel` of a buffer starts, or its block; undefined if no slice can start there. */
  sliceOffset(shape: Shape, layout: Layout, channel: number): number | undefined;
  /**
   * Whether a slice of a buffer of this shape may start at the channel. Two such starts must add
   * up to one: a slice may lie in a slice.
   */
  sliceStarts(channel: number, shape: Shape): boolean;
}

/** The same with what the chosen kernels read, write and need. */
export interface LayoutRule extends MemoryRule {
  layout(value: Value): Layout;
  /** Scratch that the node's kernel needs while it runs. */
  workspace(node: Node, slices: Slices): number;
  /** Whether the node's kernel can begin inside of a block, and store its own channels alone. */
  keepsToChannels?(node: Node): boolean;
  /** Whether the node's kernel takes all images of a run at once, and so its scratch. */
  wholeBatch(node: Node): boolean;
}

/**
 * `input` is the caller's tensor of `graph.inputs[index]`, read only. `output` is the caller's buffer of `graph.outputs[index]`:
 * the value is written there at once and may be read back from there. Everything else is arena.
 */
export type Place =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "output"; readonly index: number }
  | {
      readonly kind: "arena";
      /** In that of each image, or in the one of the run. */
      readonly extent: "image" | "batch";
      readonly offset: number;
      readonly bytes: number;
      /** Where its buffer starts: `offset` but for a slice. */
      readonly buffer: number;
    };

export interface PlacedValue {
  readonly value: Value;
  /** Where the value, or the block that it begins in, starts: of a slice, `bytes` are its buffer's. */
  readonly place: Place;
  /** Of a slice, its buffer's layout, whatever the rule says of the value alone. */
  readonly layout: Layout;
  /** Set when the value is a stretch of channels inside another's buffer: the outermost concat's. */
  readonly sliceOf?: Slice;
}

export interface PlannedNode {
  readonly node: Node;
  readonly moment: Moment;
  /**
   * Nodes of one level do not depend on one another; a barrier stands between levels. A concat
   * with every operand in place does nothing and shares the level of its last operand.
   */
  readonly level: number;
  /** The node's scratch, in one of the arenas or in each thread's own; absent without. */
  readonly workspace?: Workspace;
}

export interface Workspace {
  readonly of: "image" | "batch" | "thread";
  readonly offset: number;
  readonly bytes: number;
}

/**
 * A value to be stored as the planar output `index`, from whatever place and layout it has.
 *
 * An output is written directly (its value's place is `output`, and there is no copy) where the
 * value is planar, made by a node, neither a slice nor a buffer with slices, and the first output
 * of that value. All others have a copy: blocked values, slices, the network's input, and the
 * second name of one value, whose source is then the first one's output buffer.
 */
export interface PlannedCopy {
  readonly value: Value;
  readonly index: number;
  readonly moment: Moment;
  /** Runs beside the nodes of this level; may be one past theirs. */
  readonly level: number;
}

export interface Plan extends PreparePlan {
  /** What was planned, the outputs of merged convolutions in the order in which they lie. */
  readonly graph: Graph;
  readonly order: Order;
  /** When each of the network's inputs is brought into the arena, where the target does that. */
  readonly inputs: ReadonlyMap<Value, Moment>;
  /** By level, and within one as in the graph. */
  readonly nodes: readonly PlannedNode[];
  readonly copies: readonly PlannedCopy[];
  readonly values: ReadonlyMap<Value, PlacedValue>;
  readonly placement: Placement;
  readonly slices: Slices;
  /** Bytes of the arena for one image. */
  readonly arenaBytes: number;
  /** Bytes of the arena for what there is one of a run, however many images it has. */
  readonly batchBytes: number;
  /** Bytes of scratch that each thread has, where they have their own. */
  readonly threadBytes: number;
}
