import { bug } from "../diagnostics/bug.js";
import type { Graph } from "../graph/graph.js";
import { unusedValues, Verifier } from "../graph/verify.js";
import type { PassResult, TargetTraits } from "./pass.js";
import { inference, type Pipeline } from "./pipelines.js";

/** One pass of a pipeline; `graph` is what it left. */
export interface PassLog extends PassResult {
  readonly name: string;
}

/** The graph is checked after every pass; one that breaks it is a bug. */
export function runPasses(
  graph: Graph,
  traits: TargetTraits,
  pipeline: Pipeline = inference,
): { readonly graph: Graph; readonly log: readonly PassLog[] } {
  // What nothing needs as written may stay: a pipeline need not drop it.
  const verifier = new Verifier(unusedValues(graph));
  const log: PassLog[] = [];
  for (const pass of pipeline) {
    const result = pass.run(graph, traits);
    graph = result.graph;
    log.push({ name: pass.name, ...result });
    const problems = verifier.problems(graph);
    if (problems.length > 0) {
      bug(`${pass.name} left a broken graph:\n${problems.join("\n")}`);
    }
  }
  return { graph, log };
}
