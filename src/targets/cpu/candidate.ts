/** One way to compute one node, as a program of its own: what is measured where kernels are tuned. */
import type { Graph, Node } from "../../graph/graph.js";
import { inputValue, isConstant, parameterValue, type Value } from "../../graph/value.js";
import type { AnyKernel } from "../../kernels/kernel.js";
import { type Layout, sameLayout } from "../../kernels/layout.js";
import type { Considered } from "../../kernels/selection.js";
import { bug } from "../../diagnostics/bug.js";
import { preparations } from "../prepare.js";
import type { CpuProgram } from "../program.js";
import { type Compiled, target } from "../target.js";
import type { CpuKernel, CpuLowering } from "./kernel.js";
import { fastMemory } from "./layouts.js";
import { cpuKernels } from "./list.js";
import { lowerCpu } from "./lower.js";
import type { CpuOptions } from "./sections.js";

/** What a way is compiled for. */
export type CandidateOptions = Pick<CpuOptions, "level" | "precision">;

export interface CandidateProgram extends Compiled<CpuProgram> {
  /** Floats of each of its inputs, as the way reads them. */
  readonly inputs: readonly number[];
}

/**
 * The program's inputs are the node's operands, in the layouts that the way reads; what the node makes
 * stays in its arena. Weights are parameters, and nothing prepares them: they may hold any numbers.
 */
export function candidateProgram(
  node: Node,
  way: Considered,
  { level, precision = "f32" }: CandidateOptions,
): CandidateProgram {
  const own = cpuKernels.find(({ name }) => name === way.kernel) ?? bug(`no kernel ${way.kernel}`);
  const graph = graphOf(node, way);
  const operands = graph.nodes[0]!.inputs;
  const layoutOf = (value: Value): Layout => way.inputs[operands.indexOf(value)]!;
  const memory = fastMemory(precision);
  const compiled = target<CpuLowering, CpuProgram>({
    name: "cpu",
    memory,
    list: {
      machine: { level, precision },
      kernels: [only(own, way.tuning)],
      conversions: [],
      input: layoutOf,
      preparations: preparations(),
      references: way.reference,
    },
    lower: (plan, selection) => lowerCpu(plan, selection, { level, precision, reference: false }),
  }).compile(graph);
  return {
    ...compiled,
    inputs: graph.inputs.map((value) => Math.ceil(memory.bytes(value, layoutOf(value)) / 4)),
  };
}

/** The kernel with one tuning alone. */
const only = (own: CpuKernel, tuning: string): AnyKernel<CpuLowering> => ({
  ...own,
  offer: (node, machine) => {
    const offer = own.offer(node, machine);
    return "ways" in offer ? { ways: offer.ways.filter((way) => way.tuning === tuning) } : offer;
  },
});

/** The node with operands of its own, each of which once in a layout. */
function graphOf(node: Node, { inputs: layouts }: Considered): Graph {
  const inputs: Value[] = [];
  for (const [i, value] of node.inputs.entries()) {
    const alike = (other: Value, k: number): boolean =>
      k < i && other === value && sameLayout(layouts[k]!, layouts[i]!);
    const earlier = node.inputs.findIndex(alike);
    inputs.push(inputs[earlier] ?? inputOf(value, i));
  }
  const weights = Object.entries(node.weights).map(
    ([role, value]) => [role, isConstant(value) ? value : weightOf(role, value)] as const,
  );
  const alone: Node = {
    ...node,
    inputs,
    weights: Object.fromEntries(weights),
  };
  const [{ name }] = node.outputs as [Value];
  return { name, inputs: [...new Set(inputs)], outputs: [], nodes: [alone], updates: [] };
}

const inputOf = (value: Value, index: number): Value => inputValue(`x${index}`, value.shape);

const weightOf = (role: string, { shape }: Value): Value =>
  parameterValue({ name: role, suffix: role, role: "weight", shape, fanIn: 0 });
