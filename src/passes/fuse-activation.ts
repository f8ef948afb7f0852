/**
 * Has a convolution apply the activation after it before it stores its result.
 *
 *     a = conv 3x3 (x)
 *     b = relu (a)                          ->   b = conv 3x3 relu (x)
 *
 * It does not fuse where the value before the activation has another reader or is returned, where
 * the target's convolution lacks the activation, nor into anything but a convolution.
 */
import { mergedOrigin } from "../graph/rewrite.js";
import { appliedBy } from "../ops/activations.js";
import { absorbIntoConvolutions } from "./absorb.js";
import type { Pass } from "./pass.js";

export const fuseActivation: Pass = {
  name: "fuse-activation",
  run: (graph, traits) =>
    absorbIntoConvolutions(
      graph,
      (node) => appliedBy(node) !== undefined,
      (node) => `${node.primitive.name} fused into the convolution`,
      (conv, node) => {
        const applied = appliedBy(node)!;
        const { activation } = applied;
        if (!traits.carries(conv.primitive.name, { kind: "activation", activation })) {
          return `${traits.name} convolutions do not apply ${node.primitive.name}`;
        }
        const attrs = { ...conv.attrs, ...applied };
        const origin = mergedOrigin([conv, node]);
        return { conv: { ...conv, attrs, outputs: node.outputs, origin } };
      },
    ),
};
