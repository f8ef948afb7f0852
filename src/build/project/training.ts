import { bug } from "../../diagnostics/bug.js";
import { trainingGraph, type TrainingGraph } from "../../autodiff/training-graph.js";
import type { Training } from "../../emit/project.js";
import { parametersOf } from "../../graph/graph.js";
import type { Network } from "../../model/network.js";
import { training, without } from "../../passes/pipelines.js";
import { type PassLog, runPasses } from "../../passes/run.js";
import { cpuTrainingTarget } from "../../targets/cpu/target.js";
import type { TrainingProgram } from "../../targets/program.js";
import type { Compiled } from "../../targets/target.js";
import type { TrainVariant, Variant } from "../choose/variant.js";
import { trainedGraph, withTrainedHeads } from "./trained-graph.js";

/** The training of a network through graph, derivatives, passes, plan and lowering. */
export function trainingProject(
  network: Network,
  variant: Pick<Variant, "passes" | "strict" | "without" | "force" | "levels">,
  request: TrainVariant,
): { readonly project: Training; readonly compiled: Compiled<TrainingProgram> } {
  const { trained, compiled } = compileTraining(network, variant, request);
  const { unreached, ofProbabilities } = trained;
  const { plan, program } = compiled;
  const parameters = parametersOf(withTrainedHeads(network, request));
  const { losses, front } = request;
  const project = {
    ...{ graph: plan.graph, program, losses, ofProbabilities, parameters, unreached },
    ...(front === undefined ? {} : { front }),
  };
  return { project, compiled };
}

/** All that there is on the way. */
export interface CompiledTraining {
  readonly trained: TrainingGraph;
  readonly log: readonly PassLog[];
  readonly compiled: Compiled<TrainingProgram>;
}

export function compileTraining(
  network: Network,
  {
    passes,
    strict,
    without: left,
    force,
    levels,
  }: Pick<Variant, "passes" | "strict" | "without" | "force" | "levels">,
  request: TrainVariant,
): CompiledTraining {
  const [level = bug("training is for the CPU")] = levels;
  const target = cpuTrainingTarget({ level, reference: !passes, strict, force });
  const { losses, frozen } = request;
  const trained = trainingGraph(trainedGraph(network, request), {
    losses,
    frozen: ({ name }) => frozen.includes(name),
  });
  const pipeline = passes ? without(training, left) : [];
  const { graph, log } = runPasses(trained.graph, target.traits, pipeline);
  return { trained, log, compiled: target.compile(graph) };
}
