import type { Graph, Node } from "../graph/graph.js";
import type { Lowering } from "../kernels/kernel.js";
import { means } from "../kernels/forced.js";
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
    estimate: (node) => estimate(node, list),
  },
  memory,
  compile: (graph, { records } = {}) => {
    const selection = select(graph, records === undefined ? list : { ...list, records });
    const plan = planMemory(selection.graph, layoutRule(selection, memory));
    const choice = (node: Node): Chosen => selection.choices.get(node.outputs[0]!)!;
    return { plan, program: lower(plan, selection), choice, idle: selection.idle };
  },
});

/** What is forced is taken whatever it costs. */
function estimate<L extends Lowering>(node: Node, list: KernelList<L>): number | undefined {
  const isForced = (kernel: string, tuning: string): boolean =>
    list.forced?.some((name) => means(name, kernel, tuning)) === true;
  const costs = list.kernels
    .filter(({ primitive, reference }) => primitive === node.primitive.name && !reference)
    .flatMap((kernel) => {
      const offer = kernel.offer(node, list.machine);
      if (!("ways" in offer)) return [];
      return offer.ways.map(({ tuning, cost }) => (isForced(kernel.name, tuning) ? 0 : cost));
    });
  return costs.length === 0 ? undefined : Math.min(...costs);
}

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
