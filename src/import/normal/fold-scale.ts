/**
 * A scale by numbers for each channel becomes part of the weights before it: the bias that a MatMul
 * leaves to an Add, the norm that Caffe2 leaves to a Mul and an Add, a norm that was folded half.
 *
 *     a = conv 3x3 no bias (x) weight w
 *     b = scale [2, 3] shift [4, 5] (a)     ->   b = conv 3x3 (x) weight w' bias c
 *
 * w' and c are w and [4, 5] where the factors are 1. A batchnorm takes the numbers into its factor
 * and its offset, which it may have had none of.
 *
 * It does not fold where the value between is needed elsewhere, nor one factor for all channels,
 * which says something of the network: how much of a branch a residual adds.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { isParameter, type Parameter, type Value } from "../../graph/value.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import { channels } from "../../ops/shape.js";
import type { StoredWeight } from "../imported.js";
import { type Affine, folded, written } from "./folded.js";
import { type Instead, rule, type Site } from "./rule.js";
import { eachOf, isPerChannel } from "./scales.js";
import { type Taker, takerOf } from "./takers.js";

export const foldScale = rule("fold-scale", (node, site) => {
  if (!isNode(node, scale) || !isPerChannel(node)) return undefined;
  const [value] = node.inputs;
  const before = site.producer(value!);
  if (before === undefined || !site.isAlone(value!)) return undefined;
  const taker = takerOf(before);
  return taker && fold(before, taker, node, site);
});

/** What stood before the scale, in its place, with the scale's numbers in its parameters. */
function fold(before: Node, taker: Taker, node: Node<ScaleAttrs>, site: Site): Instead {
  const [value] = node.outputs;
  const count = channels(value!.shape);
  const factors = eachOf(node.attrs.scale, count);
  const offsets = eachOf(node.attrs.shift, count);
  const numbers = new Map<Parameter, StoredWeight>();

  /** The parameter of a role with these numbers in it: a new one, where none was needed before. */
  const parameter = (
    role: "weight" | "bias",
    affine: Affine,
    alone: readonly number[],
    neutral: number,
  ): Value | undefined => {
    const had = before.weights[role];
    if (had !== undefined && isParameter(had)) {
      numbers.set(had, folded(site.stored(had), affine));
      return had;
    }
    if (alone.every((number) => number === neutral)) return undefined;
    const spec = { suffix: role, shape: [count], role: taker.roles[role], fanIn: 0 };
    const added = site.parameter(node, spec);
    numbers.set(added, written(`the constants of ${value!.name}`, alone));
    return added;
  };

  const none = factors.map(() => 0);
  const { channelOf } = taker;
  const weight = parameter("weight", { factors, offsets: none, channelOf }, factors, 1);
  const bias = parameter("bias", { factors, offsets, channelOf: (place) => place }, offsets, 0);
  const attrs = taker.attrs({ weight: weight !== undefined, bias: bias !== undefined });
  const made: Node = {
    ...before,
    attrs,
    weights: { ...(weight && { weight }), ...(bias && { bias }), ...statistics(before) },
    outputs: node.outputs,
  };
  return { nodes: [made], weights: numbers, names: new Map([[value!, before.outputs[0]!]]) };
}

const statistics = ({ weights }: Node): Node["weights"] =>
  Object.fromEntries(
    Object.entries(weights).filter(([role]) => role !== "weight" && role !== "bias"),
  );
