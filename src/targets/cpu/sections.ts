/** A plan as sections of calls, level by level: what both programs of the CPU are made of. */
import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import { producersOf } from "../../graph/rewrite.js";
import type { Choice, Selection } from "../../kernels/selection.js";
import { operatorText, runs } from "../../plan/place.js";
import type { Plan, PlannedCopy, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import type { Barrier, RunSection } from "../program.js";
import type { CpuLowering } from "./kernel.js";
import { outputCopy } from "./kernels/conversions.js";
import type { CpuLevel, CpuPrecision } from "./level.js";
import { barrier, CpuNode } from "./node.js";
import type { Places } from "./places.js";

export interface CpuOptions {
  readonly level: CpuLevel;
  /** What images are stored in between layers. Default: `f32`. */
  readonly precision?: CpuPrecision;
  /** Every kernel from native/cpu/reference, and every value in a buffer of its own. */
  readonly reference: boolean;
  /** Sums are of what the definition's are of. Default: `false`. */
  readonly strict?: boolean;
  /** Names of kernels that are taken wherever they can be. */
  readonly force?: readonly string[];
  /** Each section by itself and timed: see laps.ts. Default: `false`. */
  readonly timed?: boolean;
}

/** What a program is made of. */
export interface Source extends CpuOptions {
  readonly plan: Plan;
  readonly selection: Selection<CpuLowering>;
  readonly table: LayerTable;
}

/** How a program makes sections. */
interface Making<S extends RunSection> {
  readonly node: (planned: PlannedNode) => S;
  /** Given the node that makes the value that is stored as an output. */
  readonly copy: (copy: PlannedCopy, producer: Node | undefined) => S;
}

/** Each level's sections that do something; levels of none are left out. */
export function levelsOf<S extends RunSection>(
  { nodes, copies, graph }: Plan,
  { node, copy }: Making<S>,
): readonly (readonly S[])[] {
  const last = Math.max(...[...nodes, ...copies].map(({ level }) => level));
  const producers = producersOf(graph);
  const levels = Array.from({ length: last + 1 }, (_, level) => {
    const here = <T extends { readonly level: number }>(item: T): boolean => item.level === level;
    return [
      ...nodes.filter(here).map((planned) => node(planned)),
      ...copies.filter(here).map((each) => copy(each, producers.get(each.value))),
    ].filter(({ instructions }) => instructions.length > 0);
  });
  return levels.filter((sections) => sections.length > 0);
}

/** With a barrier between two levels. */
export const withBarriers = <S extends RunSection>(
  levels: readonly (readonly S[])[],
): readonly (S | Barrier)[] =>
  levels.flatMap((sections, i): readonly (S | Barrier)[] =>
    i === 0 ? sections : [barrier, ...sections],
  );

export function choiceOf({ selection }: Source, { outputs }: Node): Choice<CpuLowering> {
  const choice = selection.choices.get(outputs[0]!);
  if (choice === undefined) bug(`no kernel was chosen for ${outputs[0]!.name}`);
  return choice;
}

export function nodeSection(source: Source, planned: PlannedNode, places: Places): RunSection {
  const { plan, table, precision } = source;
  const { node } = planned;
  const choice = choiceOf(source, node);
  const what = operatorText(node, plan.placement);
  const cx = new CpuNode(plan, table, planned, node, places, choice.reference, precision);
  return {
    paths: node.origin.paths,
    what,
    origin: node.origin,
    instructions: runs(node, plan.placement) ? choice.lower(cx, node) : [],
  };
}

export function copySection(
  { plan, table, reference }: Source,
  copy: PlannedCopy,
  producer: Node | undefined,
  places: Places,
): RunSection {
  const { name } = plan.graph.outputs[copy.index]!;
  return {
    paths: [copy.value.name],
    what: `stored as the output ${name}`,
    ...(producer === undefined ? {} : { origin: producer.origin }),
    instructions: [outputCopy(plan, places, table, copy, reference)],
  };
}
