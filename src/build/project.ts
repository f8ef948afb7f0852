import type { Project } from "../emit/project.js";
import { buildGraph } from "../graph/build.js";
import { runPasses } from "../passes/pipeline.js";
import { planMemory } from "../plan/memory.js";
import type { CpuLevel } from "../targets/cpu/level.js";
import { cpuTarget } from "../targets/cpu/target.js";
import { cudaTarget } from "../targets/cuda/target.js";
import type { Target } from "../targets/target.js";
import type { BuildRequest } from "./request.js";
import { commandOf, type Variant } from "./variant.js";

/** The network of a request through graph, passes, plan and lowering: all but the files. */
export function projectOf(request: BuildRequest, variant: Variant, level: CpuLevel): Project {
  const { network } = request;
  const { aux, taps, passes, precision, maxBatch } = variant;
  const target = targetOf(variant, level);
  const written = buildGraph(network, { aux, taps });
  const graph = passes ? runPasses(written, target.traits).graph : written;
  const program = target.lower(planMemory(graph, target.layouts));
  const command = commandOf(request, variant);
  return { network, graph, program, precision, maxBatch, passes, aux, command };
}

/** @param level the CPU's instruction set, where the CPU is the target */
export function targetOf(variant: Variant, level: CpuLevel): Target {
  const { target, passes, precision, architectures } = variant;
  if (target === "cpu") return cpuTarget({ level, reference: !passes });
  return cudaTarget({ target, precision, architectures });
}
