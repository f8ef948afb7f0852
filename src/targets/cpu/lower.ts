/** A plan as calls of native/cpu's kernels. */
import { runNodes } from "../../graph/graph.js";
import type { Selection } from "../../kernels/selection.js";
import { runs } from "../../plan/place.js";
import type { Plan } from "../../plan/plan.js";
import { countConvolutions } from "../convolutions.js";
import { LayerTable } from "../layers.js";
import { prepareSections } from "../prepare.js";
import type { CpuProgram, InferenceSection, ProgramParts } from "../program.js";
import { groupOf } from "./group.js";
import type { CpuLowering } from "./kernel.js";
import { kernelFlags } from "./level.js";
import { withLaps } from "./laps.js";
import { groupPlaces, inferencePlaces } from "./places.js";
import {
  choiceOf,
  copySection,
  type CpuOptions,
  levelsOf,
  nodeSection,
  type Source,
  withBarriers,
} from "./sections.js";

const floatBytes = 4;

export function lowerCpu(
  plan: Plan,
  selection: Selection<CpuLowering>,
  options: CpuOptions,
): CpuProgram {
  const source = { plan, selection, table: new LayerTable(), ...options };
  const { timed = false, precision } = options;
  const group = groupOf(plan, selection);
  const places = inferencePlaces(plan, precision);
  const levels = levelsOf<InferenceSection>(plan, {
    node: (planned) => {
      const eachImage = group === 1 || !choiceOf(source, planned.node).sharesWeights;
      const own = eachImage ? places : groupPlaces(plan, precision);
      return { ...nodeSection(source, planned, own), eachImage, node: planned.node };
    },
    copy: (copy, producer) => ({
      ...copySection(source, copy, producer, places),
      eachImage: true,
    }),
  });
  const inOrder = levels.map(groupsLast);
  return {
    target: "cpu",
    ...partsOf(source),
    run: timed ? withLaps(inOrder.flat()) : withBarriers(inOrder),
    timed,
    group,
    work: workOf(plan, selection),
  };
}

/** Microseconds of an image on one core, as the kernels were chosen by. */
const workOf = ({ graph, placement }: Plan, { choices }: Selection<CpuLowering>): number =>
  runNodes(graph)
    .filter((node) => runs(node, placement))
    .reduce((sum, { outputs }) => sum + (choices.get(outputs[0]!)?.cost ?? 0), 0) / 1000;

/** What of a level takes the whole group comes after what each image does: so both stand together. */
const groupsLast = (sections: readonly InferenceSection[]): readonly InferenceSection[] => [
  ...sections.filter(({ eachImage }) => eachImage),
  ...sections.filter(({ eachImage }) => !eachImage),
];

/** What a program has besides its run, whose sections are made before: they fill the table. */
export function partsOf({ plan, selection, table, level }: Source): ProgramParts {
  const prepare = prepareSections(plan, selection, table, floatBytes);
  return {
    level,
    flags: kernelFlags(level),
    layers: table.layers,
    numbers: table.allNumbers,
    checks: table.checks,
    prepare,
    arenaBytes: plan.arenaBytes,
    weightBytes: plan.weightBytes,
    stagingFloats: plan.stagingBytes / floatBytes,
    ...countConvolutions(plan),
  };
}
