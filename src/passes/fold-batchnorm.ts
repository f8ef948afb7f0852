/**
 * Folds a batchnorm into the weights of the convolution before it (Ioffe & Szegedy 2015, 3.1: at
 * inference it is an affine map of each channel). The weights themselves are known only at load,
 * so the fold is a prepare step.
 *
 *     a = conv 3x3 no bias (x) weight w
 *     b = batchnorm (a) weight g bias b …   ->   b = conv 3x3 (x) weight w' bias b'
 *                                                prepare w', b' = fold-batchnorm (w, g, b, …)
 *
 * It does not fold where the convolution's own value has another reader or is returned, nor into
 * what is not a convolution, nor backwards into the convolution after a batchnorm (padding would
 * have to become the folded shift's).
 */
import { isNode, type FoldBatchNorm, type Node, type Prepared } from "../graph/graph.js";
import { mergedOrigin } from "../graph/rewrite.js";
import { batchNorm, type BatchNormAttrs } from "../ops/batchnorm.js";
import type { ConvAttrs } from "../ops/conv.js";
import { absorbIntoConvolutions } from "./absorb.js";
import type { Pass } from "./pass.js";

export const foldBatchNorm: Pass = {
  name: "fold-batchnorm",
  run: (graph) =>
    absorbIntoConvolutions(
      graph,
      (node) => isNode(node, batchNorm),
      () => "batchnorm folded into the convolution's weights",
      (conv, node) => fold(conv, node as Node<BatchNormAttrs>),
    ),
};

function fold(conv: Node<ConvAttrs>, norm: Node<BatchNormAttrs>): Node<ConvAttrs> {
  const weight = conv.weights["weight"]!;
  const step: FoldBatchNorm = {
    kind: "fold-batchnorm",
    eps: norm.attrs.eps,
    inputs: {
      weight,
      ...present("bias", conv.weights["bias"]),
      ...present("gamma", norm.weights["weight"]),
      ...present("beta", norm.weights["bias"]),
      mean: norm.weights["running_mean"]!,
      variance: norm.weights["running_var"]!,
    },
  };
  const result = (name: string, shape: readonly number[]): Prepared => ({
    kind: "prepared",
    name: `${weight.name.replace(/weight(?=(:folded)*$)/, name)}:folded`,
    shape,
    step,
    result: name,
  });
  return {
    ...conv,
    attrs: { ...conv.attrs, bias: true },
    outputs: norm.outputs,
    weights: {
      weight: result("weight", weight.shape),
      bias: result("bias", [conv.attrs.channels]),
    },
    origin: mergedOrigin([conv, norm]),
  };
}

const present = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
