import type { Project } from "../emit/project.js";
import { buildGraph } from "../graph/build.js";
import { runPasses } from "../passes/pipeline.js";
import { planMemory } from "../plan/memory.js";
import { fastLayouts, referenceLayouts } from "../targets/cpu/layouts.js";
import type { CpuLevel } from "../targets/cpu/level.js";
import { lowerCpu } from "../targets/cpu/lower.js";
import { cpuTraits } from "../targets/cpu/traits.js";
import type { BuildRequest } from "./request.js";
import { commandOf, type Variant } from "./variant.js";

/** The network of a request through graph, passes, plan and lowering: all but the files. */
export function projectOf(request: BuildRequest, variant: Variant, level: CpuLevel): Project {
  const { network } = request;
  const { aux, taps, passes, precision, maxBatch } = variant;
  const written = buildGraph(network, { aux, taps });
  const graph = passes ? runPasses(written, cpuTraits).graph : written;
  const plan = planMemory(graph, passes ? fastLayouts : referenceLayouts);
  const program = lowerCpu(plan, { level, reference: !passes });
  const command = commandOf(request, variant);
  return { network, graph, program, precision, maxBatch, passes, aux, command };
}
