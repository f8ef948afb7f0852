/** A plan as tasks of native/cuda: what the GPU runs, and what the simulator runs in its place. */
import { bug } from "../../diagnostics/bug.js";
import type { Graph } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { producersOf } from "../../graph/rewrite.js";
import type { Selection } from "../../kernels/selection.js";
import type { Moment } from "../../plan/order.js";
import { siblingsName } from "../../plan/siblings-name.js";
import { operatorText, runs } from "../../plan/place.js";
import type { Plan, PlannedCopy, PlannedNode } from "../../plan/plan.js";
import { countConvolutions } from "../convolutions.js";
import { LayerTable } from "../layers.js";
import { number, prepareSections } from "../prepare.js";
import type { Call, CudaProgram, GpuArchitecture, GpuPrecision, Section } from "../program.js";
import type { GpuLowering } from "./kernel.js";
import { at, call, GpuNode, storageOf, stripeOf } from "./node.js";
import { type PlannedTask, tasksOf } from "./tasks.js";

export interface GpuOptions {
  readonly target: "cuda" | "cuda-sim";
  readonly precision: GpuPrecision;
  readonly architectures: readonly GpuArchitecture[];
  /** Whether operands of concats lie in the result, where they can. */
  readonly placed: boolean;
}

/** What the program is made of. */
interface Source {
  readonly plan: Plan;
  readonly selection: Selection<GpuLowering>;
  readonly table: LayerTable;
  readonly storage: GpuPrecision;
}

export function lowerCuda(
  plan: Plan,
  selection: Selection<GpuLowering>,
  { target, precision, architectures }: GpuOptions,
): CudaProgram {
  const table = new LayerTable();
  const run = tasksOf(plan, sectionsOf({ plan, selection, table, storage: storageOf(precision) }));
  const prepare = prepareSections(plan, selection, table, 1);
  return {
    target,
    precision,
    architectures,
    level: target === "cuda" ? architectures.map((number) => `sm_${number}`).join(" ") : "host",
    flags: [],
    layers: table.layers,
    numbers: table.allNumbers,
    checks: table.checks,
    prepare,
    run,
    arenaBytes: plan.arenaBytes,
    weightBytes: plan.weightBytes,
    stagingFloats: plan.stagingBytes / 4,
    ...countConvolutions(plan),
  };
}

/** The inputs, the nodes and the outputs, each at its moment. */
function sectionsOf(source: Source): readonly PlannedTask[] {
  const { plan } = source;
  const inputs = plan.graph.inputs.map((input, index) =>
    inputSection(source, input, index, plan.inputs.get(input)!),
  );
  const nodes = plan.nodes.map((planned): PlannedTask => ({
    moment: planned.moment,
    name: taskName(planned.node.outputs, plan.graph),
    section: nodeSection(source, planned),
  }));
  const copies = plan.copies.map((copy): PlannedTask => ({
    moment: copy.moment,
    name: `output ${plan.graph.outputs[copy.index]!.name}`,
    section: copySection(source, copy),
  }));
  return [...inputs, ...nodes, ...copies];
}

const taskName = (outputs: readonly Value[], graph: Graph): string =>
  outputs.length === 1 ? outputs[0]!.name : siblingsName(outputs, graph);

function inputSection(
  { plan, storage }: Source,
  input: Value,
  index: number,
  moment: Moment,
): PlannedTask {
  const args = [number(index), at(stripeOf(plan, input))];
  const load = call("cuda/planar.cuh", "load_input", [storage], args);
  const what = "from the caller's planar f32";
  return {
    moment,
    name: `input ${input.name}`,
    section: { paths: [input.name], what, instructions: [load] },
  };
}

function nodeSection(
  { plan, selection, table, storage }: Source,
  planned: PlannedNode,
): Section<Call> {
  const { node } = planned;
  const choice = selection.choices.get(node.outputs[0]!);
  if (choice === undefined) bug(`no kernel was chosen for ${node.outputs[0]!.name}`);
  const what = operatorText(node, plan.placement);
  const lowered = (): readonly Call[] =>
    choice.lower(new GpuNode(plan, table, planned, node, storage), node);
  const instructions = runs(node, plan.placement) ? lowered() : [];
  return { paths: node.origin.paths, what, origin: node.origin, instructions };
}

function copySection({ plan, storage }: Source, { value, index }: PlannedCopy): Section<Call> {
  const producer = producersOf(plan.graph).get(value);
  const args = [at(stripeOf(plan, value)), number(index)];
  return {
    paths: [value.name],
    what: `stored as the output ${plan.graph.outputs[index]!.name}`,
    ...(producer === undefined ? {} : { origin: producer.origin }),
    instructions: [call("cuda/planar.cuh", "store_output", [storage], args)],
  };
}
