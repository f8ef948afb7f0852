import type { Graph, Node } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Lowering, Prepare } from "./kernel.js";
import type { Layout, Slices } from "./layout.js";

/** What computes a node of a run, and why not another. */
export interface Chosen {
  readonly kernel: string;
  readonly tuning: string;
  /** Nanoseconds for one image. */
  readonly cost: number;
  /** Whether that is a record's: on a CPU of all its threads together. */
  readonly measured: boolean;
  readonly refused: readonly Refused[];
  /** All ways that there are, references too, the chosen one among them. */
  readonly ways: readonly Considered[];
}

/** A way that came into question. */
export interface Considered {
  readonly kernel: string;
  readonly tuning: string;
  readonly reference: boolean;
  /** Of the operands by position. */
  readonly inputs: readonly Layout[];
  /** Nanoseconds for one image, on one core or one GPU; with the conversions that it asks for. */
  readonly cost: number;
  readonly total: number;
}

/** The same with what it does. */
export interface Choice<L extends Lowering> extends Chosen {
  readonly reference: boolean;
  /** Whether it takes all images of a run at once. */
  readonly wholeBatch: boolean;
  /** Whether it takes several images as well as one, and reads each weight once for all of them. */
  readonly sharesWeights: boolean;
  readonly keepsToChannels?: (node: Node) => boolean;
  readonly workspace?: (node: Node, slices: Slices) => number;
  readonly lower: (cx: L["run"], node: Node) => readonly L["instruction"][];
}

export interface Refused {
  readonly kernel: string;
  readonly why: string;
}

export interface Selection<L extends Lowering> {
  /** With conversions; operands by role go by the names of the kernels that take them. */
  readonly graph: Graph;
  /** By each value that a run makes: planning may put a node's results into another order. */
  readonly choices: ReadonlyMap<Value, Choice<L>>;
  /** By each value that is prepared at load. */
  readonly preparations: ReadonlyMap<Value, Prepare<L>>;
  readonly layout: (value: Value) => Layout;
  /** Names that were asked for and are no node's: none of its ways has them. */
  readonly idle: readonly string[];
}
