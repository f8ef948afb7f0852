/**
 * Has a convolution apply the activation after it before it stores its result.
 *
 *     a = conv 3x3 (x)
 *     b = relu (a)                          ->   b = conv 3x3 relu (x)
 *
 * It does not fuse where the value before the activation has another reader or is returned, where
 * the target's convolution lacks the activation, nor into anything but a convolution.
 */
import { isNode } from "../graph/graph.js";
import { mergedOrigin } from "../graph/rewrite.js";
import type { Activation } from "../ops/activation.js";
import { relu } from "../ops/relu.js";
import { sigmoid } from "../ops/sigmoid.js";
import { tanh } from "../ops/tanh.js";
import { absorbIntoConvolutions } from "./absorb.js";
import type { Pass } from "./pass.js";

const activations = [relu, sigmoid, tanh];

export const fuseActivation: Pass = {
  name: "fuse-activation",
  run: (graph, traits) =>
    absorbIntoConvolutions(
      graph,
      (node) => activations.some((activation) => isNode(node, activation)),
      (node) => `${node.primitive.name} fused into the convolution`,
      (conv, node) => {
        const activation = node.primitive.name as Activation;
        if (!traits.activations.includes(activation)) {
          return `${traits.name} convolutions do not apply ${activation}`;
        }
        return {
          ...conv,
          attrs: { ...conv.attrs, activation },
          outputs: node.outputs,
          origin: mergedOrigin([conv, node]),
        };
      },
    ),
};
