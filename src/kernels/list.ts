import type { Node } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { AnyKernel, Lowering, Machine, Prepare } from "./kernel.js";
import type { Layout } from "./layout.js";
import type { Records } from "./records.js";

/** Brings the value of a run from one layout into another. */
export interface Conversion<L extends Lowering> {
  readonly from: Layout["kind"];
  readonly to: Layout["kind"];
  /** Nanoseconds for one image. */
  cost(value: Value): number;
  lower(cx: L["run"], node: Node): readonly L["instruction"][];
}

/** What a target has to choose from. */
export interface KernelList<L extends Lowering> {
  readonly machine: Machine;
  /** In the order of preference among equals, the references last. */
  readonly kernels: readonly AnyKernel<L>[];
  readonly conversions: readonly Conversion<L>[];
  /** How an input of the network lies when a run begins. */
  readonly input: (value: Value) => Layout;
  /** By the primitive that prepares weights. */
  readonly preparations: ReadonlyMap<string, Prepare<L>>;
  /** Whether a run finds parameters where they are: then they need not be kept beside. */
  readonly parametersStay?: boolean;
  /** Whether nodes are computed by their references, where there is one. */
  readonly references: boolean;
  /** Names of ways that are taken wherever they can be, before all others: see forced.ts. */
  readonly forced?: readonly string[];
  /** Measured costs: of a node that has some, no other way comes into question. */
  readonly records?: Records;
}
