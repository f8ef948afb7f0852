import type { Graph } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import { dropIdentity } from "./drop-identity.js";
import { dropUnused } from "./drop-unused.js";
import { foldBatchNorm } from "./fold-batchnorm.js";
import { fuseActivation } from "./fuse-activation.js";
import { mergeSiblings } from "./merge-siblings.js";
import { orderSiblings } from "./order-siblings.js";
import type { Pass, PassResult, TargetTraits } from "./pass.js";
import { placeConcat } from "./place-concat.js";

export const pipeline: readonly Pass[] = [
  // First, so that no later pass sees a reader that will never run.
  dropUnused,
  // A dropout between a convolution and its ReLU would hide the one from the other.
  dropIdentity,
  // Before activations: what stands between a convolution and its ReLU is usually a batchnorm.
  foldBatchNorm,
  // Before siblings merge: only convolutions with the same activation do.
  fuseActivation,
  // Before concats: a merged convolution writes each of its branches to that branch's own place.
  mergeSiblings,
  // Last of those that change what is computed: it decides where values live.
  placeConcat,
  // After it: which outputs of a merged convolution lie in a concat is known only now.
  orderSiblings,
];

/** One pass of a run; `graph` is what it left. */
export interface PassLog extends PassResult {
  readonly name: string;
}

/** With `verify` the graph is checked after every pass; a pass that broke it is a bug. */
export function runPasses(
  graph: Graph,
  traits: TargetTraits,
  { verify = false }: { readonly verify?: boolean } = {},
): { readonly graph: Graph; readonly log: readonly PassLog[] } {
  const log: PassLog[] = [];
  for (const pass of pipeline) {
    const result = pass.run(graph, traits);
    graph = result.graph;
    log.push({ name: pass.name, ...result });
    const problems = verify ? verifyGraph(graph) : [];
    if (problems.length > 0) {
      throw new Error(`bug: ${pass.name} left a broken graph:\n${problems.join("\n")}`);
    }
  }
  return { graph, log };
}
