/**
 * Has a convolution, a linear, a sum or a pool apply the activation after it before it stores its
 * result.
 *
 *     a = conv 3x3 (x)
 *     b = relu (a)                          ->   b = conv 3x3 relu (x)
 *
 * It does not fuse where the value before the activation has another reader or is returned, where
 * the target's kernels lack the activation, nor into anything else.
 */
import { mergedOrigin } from "../graph/rewrite.js";
import { appliedBy } from "../ops/activations.js";
import { adaptiveAvgPool } from "../ops/adaptive-pool.js";
import { add } from "../ops/joins/add.js";
import { conv2d } from "../ops/conv2d.js";
import { linear } from "../ops/linear.js";
import { avgPool, maxPool } from "../ops/pool2d.js";
import { absorbInto, type Takers } from "./absorb.js";
import type { Pass } from "./pass.js";

const takers: Takers = {
  [conv2d.name]: "convolution",
  [linear.name]: "linear",
  [add.name]: "sum",
  [maxPool.name]: "pool",
  [avgPool.name]: "pool",
  [adaptiveAvgPool.name]: "pool",
};

export const fuseActivation: Pass = {
  name: "fuse-activation",
  run: (graph, traits) =>
    absorbInto(
      graph,
      takers,
      (node) => appliedBy(node) !== undefined,
      (node, called) => `${node.primitive.name} fused into the ${called}`,
      (taker, node, called) => {
        const applied = appliedBy(node)!;
        const { activation } = applied;
        if (!traits.carries(taker.primitive.name, { kind: "activation", activation })) {
          return `${traits.name} ${called}s do not apply ${node.primitive.name}`;
        }
        const attrs = { ...taker.attrs, ...applied };
        const origin = mergedOrigin([taker, node]);
        return { taker: { ...taker, attrs, outputs: node.outputs, origin } };
      },
    ),
};
