/** A plan as calls of native/cpu's kernels: the fast family, or the reference under --no-passes. */
import { bug } from "../../diagnostics/bug.js";
import { isNode, type Node, runNodes } from "../../graph/graph.js";
import { producersOf } from "../../graph/rewrite.js";
import { conv2d } from "../../ops/conv.js";
import { operatorText } from "../../plan/place.js";
import type { Plan, PlannedCopy, PlannedNode } from "../../plan/plan.js";
import { LayerTable } from "../layers.js";
import { PrepareProgram } from "../prepare.js";
import type { Barrier, CpuProgram, RunSection } from "../program.js";
import { outputCopy } from "./copies.js";
import { type CpuLevel, kernelFlags } from "./level.js";
import { barrier, CpuNode, type Target } from "./node.js";
import { rules } from "./rules.js";

const floatBytes = 4;
/** Floats that weights are aligned to. */
const cacheLine = 16;

export interface CpuOptions {
  readonly level: CpuLevel;
  /** Every kernel from native/cpu/reference; the plan must have `referenceLayouts`. */
  readonly reference: boolean;
}

export function lowerCpu(plan: Plan, { level, reference }: CpuOptions): CpuProgram {
  const target: Target = { plan, level, reference, table: new LayerTable() };
  const prepare = new PrepareProgram(plan.graph, cacheLine);
  const run = lowerLevels(target, prepare);
  const convolutions = runNodes(plan.graph).filter((node) => isNode(node, conv2d));
  return {
    target: "cpu",
    level,
    flags: kernelFlags(level),
    layers: target.table.layers,
    numbers: target.table.allNumbers,
    checks: target.table.checks,
    prepare: prepare.sections,
    run,
    arenaBytes: plan.arenaBytes,
    weightBytes: floatBytes * prepare.weightSize,
    stagingFloats: prepare.stagingFloats,
    kernels: convolutions.length,
    convolutions: convolutions.reduce((sum, node) => sum + node.outputs.length, 0),
  };
}

/** Level by level, with barriers between those that do something. */
function lowerLevels(target: Target, prepare: PrepareProgram): readonly (RunSection | Barrier)[] {
  const { nodes, copies } = target.plan;
  const last = Math.max(...[...nodes, ...copies].map(({ level }) => level));
  const producers = producersOf(target.plan.graph);
  const run: (RunSection | Barrier)[] = [];
  for (let level = 0; level <= last; level++) {
    const here = <T extends { readonly level: number }>(item: T): boolean => item.level === level;
    const sections = [
      ...nodes.filter(here).map((planned) => lowerNode(target, prepare, planned)),
      ...copies.filter(here).map((copy) => lowerCopy(target, copy, producers.get(copy.value))),
    ].filter(({ steps }) => steps.length > 0);
    if (sections.length === 0) continue;
    if (run.length > 0) run.push(barrier);
    run.push(...sections);
  }
  return run;
}

function lowerNode(target: Target, prepare: PrepareProgram, planned: PlannedNode): RunSection {
  const { node } = planned;
  const rule = rules.get(node.primitive.name);
  if (rule === undefined) bug(`the CPU has no rule for ${node.primitive.name}`);
  const what = operatorText(node, target.plan.placement);
  const preparing = prepare.node(node, what);
  const steps = rule.lower(new CpuNode(target, planned, node, preparing));
  preparing.finish();
  return { paths: node.origin.paths, what, origin: node.origin, steps };
}

function lowerCopy(target: Target, copy: PlannedCopy, producer: Node | undefined): RunSection {
  const { name } = target.plan.graph.outputs[copy.index]!;
  return {
    paths: [copy.value.name],
    what: `stored as the output ${name}`,
    ...(producer === undefined ? {} : { origin: producer.origin }),
    steps: [outputCopy(target, copy)],
  };
}
