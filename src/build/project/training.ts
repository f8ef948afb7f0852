import { trainingGraph } from "../../autodiff/training-graph.js";
import type { Training } from "../../emit/project.js";
import { buildGraph } from "../../graph/build.js";
import { parametersOf } from "../../graph/graph.js";
import type { Network } from "../../model/network.js";
import { training, without } from "../../passes/pipelines.js";
import { runPasses } from "../../passes/run.js";
import type { CpuLevel } from "../../targets/cpu/level.js";
import { cpuTrainingTarget } from "../../targets/cpu/target.js";
import type { Variant } from "../choose/variant.js";
import type { TrainRequest } from "../request.js";

/** The training of a network through graph, derivatives, passes, plan and lowering. */
export function trainingProject(
  network: Network,
  { passes, without: left }: Pick<Variant, "passes" | "without">,
  { losses, frozen }: TrainRequest,
  level: CpuLevel,
): Training {
  const written = buildGraph(network, { aux: true });
  const target = cpuTrainingTarget({ level, reference: !passes });
  const { graph, unreached, ofProbabilities } = trainingGraph(written, {
    losses,
    frozen: ({ name }) => frozen.includes(name),
  });
  const pipeline = passes ? without(training, left) : [];
  const { plan, program } = target.compile(runPasses(graph, target.traits, pipeline).graph);
  const parameters = parametersOf(written);
  return { graph: plan.graph, program, losses, ofProbabilities, parameters, unreached };
}
