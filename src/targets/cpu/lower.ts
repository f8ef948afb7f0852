/** A plan as calls of native/cpu's kernels. */
import { bug } from "../../diagnostics/bug.js";
import { isNode, type Node, runNodes } from "../../graph/graph.js";
import { producersOf } from "../../graph/rewrite.js";
import type { Selection } from "../../kernels/selection.js";
import { conv2d } from "../../ops/conv2d.js";
import { operatorText } from "../../plan/place.js";
import type { Plan, PlannedCopy, PlannedNode } from "../../plan/plan.js";
import { LayerTable } from "../layers.js";
import { prepareSections } from "../prepare.js";
import type { Barrier, CpuProgram, RunSection } from "../program.js";
import type { CpuLowering } from "./kernel.js";
import { outputCopy } from "./kernels/conversions.js";
import { type CpuLevel, kernelFlags } from "./level.js";
import { barrier, CpuNode } from "./node.js";

const floatBytes = 4;

export interface CpuOptions {
  readonly level: CpuLevel;
  /** Every kernel from native/cpu/reference, and every value in a buffer of its own. */
  readonly reference: boolean;
}

/** What the program is made of. */
interface Source extends CpuOptions {
  readonly plan: Plan;
  readonly selection: Selection<CpuLowering>;
  readonly table: LayerTable;
}

export function lowerCpu(
  plan: Plan,
  selection: Selection<CpuLowering>,
  options: CpuOptions,
): CpuProgram {
  const table = new LayerTable();
  const run = lowerLevels({ plan, selection, table, ...options });
  const prepare = prepareSections(plan, selection, table, floatBytes);
  const convolutions = runNodes(plan.graph).filter((node) => isNode(node, conv2d));
  return {
    target: "cpu",
    level: options.level,
    flags: kernelFlags(options.level),
    layers: table.layers,
    numbers: table.allNumbers,
    checks: table.checks,
    prepare,
    run,
    arenaBytes: plan.arenaBytes,
    weightBytes: plan.weightBytes,
    stagingFloats: plan.stagingBytes / floatBytes,
    kernels: convolutions.length,
    convolutions: convolutions.reduce((sum, node) => sum + node.outputs.length, 0),
  };
}

/** Level by level, with barriers between those that do something. */
function lowerLevels(source: Source): readonly (RunSection | Barrier)[] {
  const { nodes, copies, graph } = source.plan;
  const last = Math.max(...[...nodes, ...copies].map(({ level }) => level));
  const producers = producersOf(graph);
  const run: (RunSection | Barrier)[] = [];
  for (let level = 0; level <= last; level++) {
    const here = <T extends { readonly level: number }>(item: T): boolean => item.level === level;
    const sections = [
      ...nodes.filter(here).map((planned) => lowerNode(source, planned)),
      ...copies.filter(here).map((copy) => lowerCopy(source, copy, producers.get(copy.value))),
    ].filter(({ instructions }) => instructions.length > 0);
    if (sections.length === 0) continue;
    if (run.length > 0) run.push(barrier);
    run.push(...sections);
  }
  return run;
}

function lowerNode({ plan, selection, table }: Source, planned: PlannedNode): RunSection {
  const { node } = planned;
  const choice = selection.choices.get(node.outputs[0]!);
  if (choice === undefined) bug(`no kernel was chosen for ${node.outputs[0]!.name}`);
  const what = operatorText(node, plan.placement);
  const instructions = choice.lower(
    new CpuNode(plan, table, planned, node, choice.reference),
    node,
  );
  return { paths: node.origin.paths, what, origin: node.origin, instructions };
}

function lowerCopy(
  { plan, table, reference }: Source,
  copy: PlannedCopy,
  producer: Node | undefined,
): RunSection {
  const { name } = plan.graph.outputs[copy.index]!;
  return {
    paths: [copy.value.name],
    what: `stored as the output ${name}`,
    ...(producer === undefined ? {} : { origin: producer.origin }),
    instructions: [outputCopy(plan, table, copy, reference)],
  };
}
