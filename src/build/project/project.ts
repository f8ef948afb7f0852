import { trainingProject } from "./training.js";
import type { Project } from "../../emit/project.js";
import { buildGraph } from "../../graph/build.js";
import { type Graph, parametersOf } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import { recordsOf } from "../../kernels/records.js";
import type { Network } from "../../model/network.js";
import { algebra, inference, type Pipeline, without } from "../../passes/pipelines.js";
import { runPasses } from "../../passes/run.js";
import { type CpuLevel, hostLevel } from "../../targets/cpu/level.js";
import { cpuTarget } from "../../targets/cpu/target.js";
import { cudaTarget } from "../../targets/cuda/target.js";
import type { Compiled, CompileOptions, Target } from "../../targets/target.js";
import type { BuildRequest } from "../request.js";
import { requireForced } from "../choose/forced-kernels.js";
import { commandOf, type Variant, variantOf } from "../choose/variant.js";

/**
 * The network of a request through graph, passes, plan and lowering: all but the files.
 *
 * @throws RangeError for a tap that names no step
 * @throws InceptError `build/kernel` where a kernel that is forced can compute nothing of it
 */
export function projectOf(request: BuildRequest, variant: Variant, level: CpuLevel): Project {
  const { network } = request;
  const { aux, passes, precision, maxBatch } = variant;
  const compiled = compiledOf(network, variant, level);
  const { plan, program } = compiled;
  const command = commandOf(request, variant);
  const training = variant.train && trainingProject(network, variant, variant.train, level);
  requireForced(network, training === undefined ? [compiled] : [compiled, training.compiled]);
  return {
    network,
    graph: plan.graph,
    program,
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

/** All but the training: the plan, its program, and what computes each node. */
export function compiledOf(network: Network, variant: Variant, level: CpuLevel): Compiled {
  const target = targetOf(variant, level);
  return target.compile(graphOf(network, variant, target), compileOptions(variant));
}

/**
 * The parameters that a checkpoint has to fill, known before anything is compiled.
 *
 * @throws RangeError for a tap that names no step
 */
export function parametersFor(request: BuildRequest): readonly Parameter[] {
  const variant = variantOf(request);
  return parametersOf(graphOf(request.network, variant, targetOf(variant, hostLevel())));
}

function graphOf(network: Network, variant: Variant, target: Target): Graph {
  const written = buildGraph(network, variant);
  return variant.passes ? runPasses(written, target.traits, pipelineOf(variant)).graph : written;
}

/** What decides about kernels besides their own estimates. */
export const compileOptions = ({ records }: Variant): CompileOptions =>
  records.length === 0 ? {} : { records: recordsOf(records) };

/** What the graph of the variant goes through. */
export const pipelineOf = (variant: Pick<Variant, "algebra" | "without">): Pipeline => {
  const composing = variant.algebra ? [] : algebra.map(({ name }) => name);
  return without(inference, [...variant.without, ...composing]);
};

/** @param level the CPU's instruction set, where the CPU is the target */
export function targetOf(variant: Variant, level: CpuLevel): Target {
  const { target, passes, precision, architectures, strict, force, timed = false } = variant;
  if (target === "cpu") return cpuTarget({ level, reference: !passes, strict, force, timed });
  return cudaTarget({ target, precision, architectures, placed: passes });
}
