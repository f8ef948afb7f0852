/** The plan of a training graph as calls: one value after another, of each all images of a batch. */
import { type Node, operandsOf } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { Selection } from "../../kernels/selection.js";
import { elements } from "../../ops/shape.js";
import type { Plan, PlannedNode } from "../../plan/plan.js";
import { LayerTable } from "../layers.js";
import type { TrainingProgram, BatchSection, Watched } from "../program.js";
import type { CpuLowering } from "./kernel.js";
import { partsOf } from "./lower.js";
import { placed, placeInBatch, trainingPlaces } from "./places.js";
import {
  choiceOf,
  copySection,
  type CpuOptions,
  levelsOf,
  nodeSection,
  type Source,
  withBarriers,
} from "./sections.js";

export function lowerTraining(
  plan: Plan,
  selection: Selection<CpuLowering>,
  options: CpuOptions,
): TrainingProgram {
  const source = { plan, selection, table: new LayerTable(), ...options };
  const levels = levelsOf<Made>(plan, {
    node: (planned) => ({ ...training(source, planned), made: planned.node.outputs }),
    copy: (copy, producer) => ({
      ...copySection(source, copy, producer, trainingPlaces(plan, "batch")),
      eachImage: false,
      made: [],
    }),
  });
  return {
    target: "cpu",
    ...partsOf(source),
    run: withBarriers(levels),
    updates: plan.graph.updates.map(({ state, value }) => ({
      state: state.name,
      from: placeInBatch(plan, value),
      count: elements(value.shape),
    })),
    watched: levels.flatMap((sections, level) =>
      sections.flatMap((section) => watchedOf(plan, section, level)),
    ),
    batchBytes: plan.batchBytes,
    threadBytes: plan.threadBytes,
  };
}

/** A section, and what its node makes. */
interface Made extends BatchSection {
  readonly made: readonly Value[];
}

function training(source: Source, planned: PlannedNode): BatchSection {
  const { node } = planned;
  const eachImage = !choiceOf(source, node).wholeBatch && touchesImages(node);
  const places = trainingPlaces(source.plan, eachImage ? "image" : "batch");
  return { ...nodeSection(source, planned, places), eachImage };
}

const touchesImages = (node: Node): boolean =>
  [...operandsOf(node), ...node.outputs].some(({ extent }) => extent === "image");

/** Integers are never bad. */
const watchedOf = (
  plan: Plan,
  { paths, what, origin, made }: Made,
  level: number,
): readonly Watched[] =>
  made
    .filter(({ dtype }) => dtype === "f32")
    .map((value) => ({
      paths,
      what,
      ...(origin === undefined ? {} : { origin }),
      level,
      value,
      place: placeInBatch(plan, value),
      blocked: placed(plan, value).layout.kind === "blocked",
    }));
