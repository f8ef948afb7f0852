import { isNode, type Node, parametersBehind, runNodes } from "../graph/graph.js";
import { conv2d } from "../ops/conv2d.js";
import { pooledConv } from "../ops/pooled-conv.js";
import type { Plan } from "../plan/plan.js";

/** How many convolutions of the spec a plan computes, and with how many launches. */
export function countConvolutions({ graph }: Plan): {
  readonly kernels: number;
  readonly convolutions: number;
} {
  // One that a pass has made to add a bias has a weight of ones.
  const written = (node: Node): boolean => {
    if (!isNode(node, conv2d) && !isNode(node, pooledConv)) return false;
    const weight = { weight: node.weights["weight"]! };
    return parametersBehind(graph, [{ ...node, inputs: [], weights: weight }]).length > 0;
  };
  const launches = runNodes(graph).filter(written);
  return {
    kernels: launches.length,
    convolutions: launches.reduce((sum, { outputs }) => sum + outputs.length, 0),
  };
}
