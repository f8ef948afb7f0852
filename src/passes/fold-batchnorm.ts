/**
 * Folds a batchnorm into the weights of the convolution or linear before it (Ioffe & Szegedy 2015, 3.1: at
 * inference it is an affine map of each channel). The weights themselves are known only at load,
 * so the fold is a node that prepares them.
 *
 *     a = conv 3x3 no bias (x) weight w
 *     b = batchnorm (a) weight g bias b …   ->   prepare w', b' = fold-batchnorm weight w gamma g …
 *                                                b = conv 3x3 (x) weight w' bias b'
 *
 * It does not fold where the value before the norm has another reader or is returned, nor into
 * what is neither, nor backwards into the convolution after a batchnorm (padding would
 * have to become the folded shift's).
 */
import { isNode, type Node } from "../graph/graph.js";
import { resultTypes } from "../graph/results.js";
import { mergedOrigin } from "../graph/rewrite.js";
import { resultValue, type Value } from "../graph/value.js";
import { batchNorm } from "../ops/batchnorm.js";
import type { BatchNormAttrs } from "../ops/batchnorm-attrs.js";
import { conv2d } from "../ops/conv2d.js";
import { linear } from "../ops/linear.js";
import { type FoldAttrs, foldBatchNorm as fold } from "../ops/fold-batchnorm.js";
import { type Absorbed, absorbInto, type Taker, type Takers } from "./absorb.js";
import type { Pass } from "./pass.js";

const takers: Takers = { [conv2d.name]: "convolution", [linear.name]: "linear" };

export const foldBatchNorm: Pass = {
  name: "fold-batchnorm",
  run: (graph) =>
    absorbInto(
      graph,
      takers,
      (node) => isNode(node, batchNorm),
      (_, called) => `batchnorm folded into the ${called}'s weights`,
      (taker, node) => absorb(taker, node as Node<BatchNormAttrs>),
    ),
};

function absorb(taker: Taker, norm: Node<BatchNormAttrs>): Absorbed {
  const prepared = foldWeights(taker, norm);
  const [weight, bias] = prepared.outputs;
  return {
    taker: {
      ...taker,
      attrs: { ...taker.attrs, bias: true } as Taker["attrs"],
      outputs: norm.outputs,
      weights: { weight: weight!, bias: bias! },
      origin: prepared.origin,
    },
    prepares: [prepared],
  };
}

function foldWeights(taker: Taker, norm: Node<BatchNormAttrs>): Node<FoldAttrs> {
  const weight = taker.weights["weight"]!;
  const optional = {
    bias: taker.weights["bias"],
    gamma: norm.weights["weight"],
    beta: norm.weights["bias"],
  };
  const weights = {
    weight,
    ...present(optional),
    mean: norm.weights["running_mean"]!,
    variance: norm.weights["running_var"]!,
  };
  const attrs: FoldAttrs = {
    eps: norm.attrs.eps,
    shape: weight.shape,
    bias: optional.bias !== undefined,
    gamma: optional.gamma !== undefined,
    beta: optional.beta !== undefined,
  };
  const types = resultTypes(fold, [], Object.values(weights), attrs);
  const outputs = ["weight", "bias"].map((role, i) =>
    resultValue(`${weight.name.replace(/weight(?=(:folded)*$)/, role)}:folded`, types[i]!),
  );
  const origin = mergedOrigin([taker, norm]);
  return { primitive: fold, attrs, inputs: [], outputs, weights, origin };
}

const present = (operands: Readonly<Record<string, Value | undefined>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(operands).flatMap(([role, value]) =>
      value === undefined ? [] : [[role, value]],
    ),
  );
