import type { Graph, Node } from "../graph/graph.js";
import type { Lowering } from "../kernels/kernel.js";
import type { KernelList } from "../kernels/list.js";
import type { Chosen, Selection } from "../kernels/selection.js";
import { select } from "../kernels/select.js";
import type { Records } from "../kernels/records.js";
import type { TargetTraits } from "../passes/pass.js";
import { planMemory } from "../plan/memory.js";
import type { LayoutRule, MemoryRule, Plan } from "../plan/plan.js";
import type { Program } from "./program.js";

/** All that the rooms to the left and right ask of a target. */
export interface Target<P = Program> {
  readonly traits: TargetTraits;
  readonly memory: MemoryRule;
  /** Chooses kernels, plans memory and lowers to calls. */
  compile(graph: Graph, options?: CompileOptions): Compiled<P>;
}

export interface CompileOptions {
  /** Measured costs: of a layer that has some, no other way comes into question. */
  readonly records?: Records;
}

export interface Compiled<P = Program> {
  readonly plan: Plan;
  readonly program: P;
  /** What computes a node of the plan's run. */
  readonly choice: (node: Node) => Chosen;
  /** Names of kernels that were asked for and can compute nothing of the graph. */
  readonly idle: readonly string[];
}

/** What a target is made of. */
interface Parts<L extends Lowering, P> {
  readonly name: string;
  readonly memory: MemoryRule;
  readonly list: KernelList<L>;
  readonly lower: (plan: Plan, selection: Selection<L>) => P;
}

export const target = <L extends Lowering, P>({
  name,
  memory,
  list,
  lower,
}: Parts<L, P>): Target<P> => ({
  traits: {
    name,
    // kMaxSegments of native/layers/layers.hpp.
    mostSiblings: 64,
    carries: (primitive, epilogue) =>
      list.kernels.some((kernel) => kernel.primitive === primitive && kernel.carries(epilogue)),
  },
  memory,
  compile: (graph, { records } = {}) => {
    const selection = select(graph, records === undefined ? list : { ...list, records });
    const plan = planMemory(selection.graph, layoutRule(selection, memory));
    const choice = (node: Node): Chosen => selection.choices.get(node.outputs[0]!)!;
    return { plan, program: lower(plan, selection), choice, idle: selection.idle };
  },
});

const layoutRule = <L extends Lowering>(
  { layout, choices }: Selection<L>,
  memory: MemoryRule,
): LayoutRule => ({
  ...memory,
  layout,
  workspace: (node, slices) => choices.get(node.outputs[0]!)?.workspace?.(node, slices) ?? 0,
  keepsToChannels: (node) => choices.get(node.outputs[0]!)?.keepsToChannels?.(node) ?? false,
  wholeBatch: (node) => choices.get(node.outputs[0]!)?.wholeBatch ?? false,
});
