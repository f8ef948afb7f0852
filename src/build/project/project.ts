import { trainingProject } from "./training.js";
import type { Lowered, Project } from "../../emit/project.js";
import { buildGraph } from "../../graph/build.js";
import { type Graph, parametersOf } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import { recordsOf } from "../../kernels/records.js";
import type { Network } from "../../model/network.js";
import { algebra, inference, type Pipeline, without } from "../../passes/pipelines.js";
import { runPasses } from "../../passes/run.js";
import type { CpuLevel } from "../../targets/cpu/level.js";
import { cpuTarget } from "../../targets/cpu/target.js";
import { cudaTarget } from "../../targets/cuda/target.js";
import type { Compiled, CompileOptions, Target } from "../../targets/target.js";
import type { BuildRequest } from "../request.js";
import { requireForced } from "../choose/forced-kernels.js";
import { commandOf, measuredLevel, type Variant, variantOf } from "../choose/variant.js";

/**
 * The network of a request through graph, passes, plan and lowering: all but the files.
 *
 * @throws RangeError for a tap that names no step
 * @throws InceptError `build/kernel` where a kernel that is forced can compute nothing of it
 */
export function projectOf(request: BuildRequest, variant: Variant): Project {
  const { network } = request;
  const { aux, passes, precision, maxBatch, levels } = variant;
  const [level, ...others] = levels;
  const best = compiledOf(network, variant, level);
  const lesser = others.map((other) => compiledOf(network, variant, other));
  const command = commandOf(request, variant);
  const training = variant.train && trainingProject(network, variant, variant.train);
  const trained = training === undefined ? [] : [training.compiled];
  requireForced(network, [best, ...lesser, ...trained]);
  return {
    network,
    ...projectPart(best),
    ...(lesser.length === 0 ? {} : { lesser: lesser.map(projectPart) as readonly Lowered[] }),
    precision,
    maxBatch,
    passes,
    algebra: variant.algebra,
    strict: variant.strict,
    without: variant.without,
    aux,
    force: variant.force,
    ...(training === undefined ? {} : { training: training.project }),
    command,
  };
}

const projectPart = ({ plan, program }: Compiled): Pick<Project, "graph" | "program"> => ({
  graph: plan.graph,
  program,
});

/** All but the training, for one instruction set: the plan, its program, and what computes each node. */
export function compiledOf(network: Network, variant: Variant, level?: CpuLevel): Compiled {
  const target = targetOf(variant, level);
  return target.compile(graphOf(network, variant, target), compileOptions(variant, level));
}

/**
 * The parameters that a checkpoint has to fill, known before anything is compiled.
 *
 * @throws RangeError for a tap that names no step
 */
export function parametersFor(request: BuildRequest): readonly Parameter[] {
  const variant = variantOf(request);
  return parametersOf(graphOf(request.network, variant, targetOf(variant)));
}

function graphOf(network: Network, variant: Variant, target: Target): Graph {
  const written = buildGraph(network, variant);
  return variant.passes ? runPasses(written, target.traits, pipelineOf(variant)).graph : written;
}

/** What decides about kernels besides their own estimates. */
export const compileOptions = (
  { records, levels }: Pick<Variant, "records" | "levels">,
  level: CpuLevel | undefined = levels[0],
): CompileOptions =>
  records.length === 0 || level !== measuredLevel(levels) ? {} : { records: recordsOf(records) };

/** What the graph of the variant goes through. */
export const pipelineOf = (variant: Pick<Variant, "algebra" | "without">): Pipeline => {
  const composing = variant.algebra ? [] : algebra.map(({ name }) => name);
  return without(inference, [...variant.without, ...composing]);
};

/** @param level which of the variant's instruction sets; by default the best. A GPU has none. */
export function targetOf(
  variant: Variant,
  level: CpuLevel | undefined = variant.levels[0],
): Target {
  const { target, passes, precision, architectures, strict, force, timed = false } = variant;
  if (target === "cpu")
    return cpuTarget({
      ...{ level: level!, reference: !passes, strict, force, timed },
      ...(precision === "bf16" ? { precision } : {}),
    });
  return cudaTarget({ target, precision, architectures, placed: passes });
}
