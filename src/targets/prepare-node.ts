/** What calls that prepare weights are made with, on the host for every target. */
import type { Node } from "../graph/graph.js";
import type { Lowering } from "../kernels/kernel.js";
import type { Plan } from "../plan/plan.js";
import type { LayerTable } from "./layers.js";
import type { Argument, Call, Pointer } from "./program.js";

/** What a node that prepares weights is lowered with. */
export interface PrepareNode {
  readonly node: Node;
  /** The node of a run that the weights are for. */
  readonly reader: Node;
  readonly inputs: readonly Source[];
  readonly weights: Readonly<Record<string, Source>>;
  readonly outputs: readonly Pointer[];
  readonly table: LayerTable;
  readonly plan: Plan;
}

/** What weights are made of: memory, or numbers of the spec. */
export type Source = Pointer | Extract<Argument, { readonly kind: "numbers" }>;

/** What every target's lowering shares: weights are prepared on the host. */
export interface HostLowering extends Lowering {
  readonly prepare: PrepareNode;
  readonly call: Call;
}
