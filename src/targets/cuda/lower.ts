/** A plan as steps of native/cuda: what the GPU runs, and what the simulator runs in its place. */
import { bug } from "../../diagnostics/bug.js";
import { type Graph, isNode, runNodes } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { producersOf } from "../../graph/rewrite.js";
import { conv2d } from "../../ops/conv2d.js";
import type { Moment } from "../../plan/order.js";
import { siblingsName } from "../../plan/siblings-name.js";
import { operatorText } from "../../plan/place.js";
import type { Plan, PlannedCopy, PlannedNode } from "../../plan/plan.js";
import { LayerTable } from "../layers.js";
import { number, PrepareProgram } from "../prepare.js";
import type { CudaProgram, GpuArchitecture, GpuPrecision, Section, Call } from "../program.js";
import { at, call, GpuNode, type GpuTarget, runOf, storageOf } from "./node.js";
import { rules } from "./rules.js";
import { type Planned, stepsOf } from "./steps.js";

export interface GpuOptions {
  readonly target: "cuda" | "cuda-sim";
  readonly precision: GpuPrecision;
  readonly architectures: readonly GpuArchitecture[];
}

/** Bytes that prepared weights are aligned to: what a library may count on. */
const weightAlignment = 256;

export function lowerCuda(plan: Plan, options: GpuOptions): CudaProgram {
  const { target, precision, architectures } = options;
  const shared: GpuTarget = { plan, precision, table: new LayerTable() };
  const prepare = new PrepareProgram(plan.graph, weightAlignment);
  const run = stepsOf(plan, sectionsOf(shared, prepare));
  const convolutions = runNodes(plan.graph).filter((node) => isNode(node, conv2d));
  return {
    target,
    precision,
    architectures,
    level: target === "cuda" ? architectures.map((number) => `sm_${number}`).join(" ") : "host",
    flags: [],
    layers: shared.table.layers,
    numbers: shared.table.allNumbers,
    checks: shared.table.checks,
    prepare: prepare.sections,
    run,
    arenaBytes: plan.arenaBytes,
    weightBytes: prepare.weightSize,
    stagingFloats: prepare.stagingFloats,
    kernels: convolutions.length,
    convolutions: convolutions.reduce((sum, node) => sum + node.outputs.length, 0),
  };
}

/** The input, the nodes and the outputs, each at its moment. */
function sectionsOf(target: GpuTarget, prepare: PrepareProgram): readonly Planned[] {
  const { plan } = target;
  const nodes = plan.nodes.map((planned): Planned => ({
    moment: planned.moment,
    name: stepName(planned.node.outputs, plan.graph),
    section: nodeSection(target, prepare, planned),
  }));
  const copies = plan.copies.map((copy): Planned => ({
    moment: copy.moment,
    name: `output ${plan.graph.outputs[copy.index]!.name}`,
    section: copySection(target, copy),
  }));
  const inputs = plan.graph.inputs.map((input, index) =>
    inputSection(target, input, index, plan.inputs.get(input)!),
  );
  return [...inputs, ...nodes, ...copies];
}

const stepName = (outputs: readonly Value[], graph: Graph): string =>
  outputs.length === 1 ? outputs[0]!.name : siblingsName(outputs, graph);

function inputSection(target: GpuTarget, input: Value, index: number, moment: Moment): Planned {
  const args = [number(index), at(runOf(target.plan, input))];
  const load = call("cuda/planar.cuh", "load_input", [storageOf(target.precision)], args);
  const what = "from the caller's planar f32";
  return {
    moment,
    name: `input ${input.name}`,
    section: { paths: [input.name], what, steps: [load] },
  };
}

function nodeSection(
  target: GpuTarget,
  prepare: PrepareProgram,
  planned: PlannedNode,
): Section<Call> {
  const { node } = planned;
  const rule = rules.get(node.primitive.name);
  if (rule === undefined) bug(`CUDA has no rule for ${node.primitive.name}`);
  const what = operatorText(node, target.plan.placement);
  const preparing = prepare.node(node, what);
  const steps = rule.lower(new GpuNode(target, planned, node, preparing));
  preparing.finish();
  return { paths: node.origin.paths, what, origin: node.origin, steps };
}

function copySection(target: GpuTarget, { value, index }: PlannedCopy): Section<Call> {
  const { plan, precision } = target;
  const producer = producersOf(plan.graph).get(value);
  const args = [at(runOf(plan, value)), number(index)];
  return {
    paths: [value.name],
    what: `stored as the output ${plan.graph.outputs[index]!.name}`,
    ...(producer === undefined ? {} : { origin: producer.origin }),
    steps: [call("cuda/planar.cuh", "store_output", [storageOf(precision)], args)],
  };
}
