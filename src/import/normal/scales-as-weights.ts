/**
 * A scale by many numbers becomes an operator whose numbers are weights, so that a spec holds no list of
 * hundreds of them: of an image a 1x1 convolution of each channel by itself, of a vector, which has no
 * convolution, a norm whose statistics leave everything as it is.
 *
 *     b = scale [2, 3, …] shift [4, 5, …] (x)    ->   b = conv 1x1 groups c (x) weight w bias v
 *                                                     b = batchnorm (x) weight w bias v mean 0 var 1 - eps
 *
 * It does not touch lists that a person would write: the colours of a picture have three or four
 * channels.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import { type BatchNormAttrs } from "../../ops/batchnorm-attrs.js";
import { batchNorm } from "../../ops/batchnorm.js";
import { conv2d, type ConvAttrs } from "../../ops/conv2d.js";
import type { ParameterSpec } from "../../ops/operator.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import { channels, isImage } from "../../ops/shape.js";
import { noPads } from "../../ops/window.js";
import type { StoredWeight } from "../imported.js";
import { written } from "./folded.js";
import { type Instead, instead, rule, type Site } from "./rule.js";
import { eachOf, isPerChannel } from "./scales.js";

/** The longest list that a spec holds. */
const longest = 4;

export const scalesAsWeights = rule("scales-as-weights", (node, site) => {
  if (!isNode(node, scale) || !isPerChannel(node)) return undefined;
  const { shape } = node.inputs[0]!;
  if (channels(shape) <= longest) return undefined;
  return isImage(shape) ? asDepthwise(node, site) : asNorm(node, site);
});

/** Parameters that a node gets, with the numbers in each. */
class Added {
  readonly weights = new Map<Parameter, StoredWeight>();

  constructor(
    private readonly node: Node,
    private readonly site: Site,
  ) {}

  parameter(spec: ParameterSpec, numbers: readonly number[]): Parameter {
    const parameter = this.site.parameter(this.node, spec);
    this.weights.set(parameter, written(`the constants of ${this.node.outputs[0]!.name}`, numbers));
    return parameter;
  }
}

function asDepthwise(node: Node<ScaleAttrs>, site: Site): Instead {
  const added = new Added(node, site);
  const { factors, offsets, count } = numbersOf(node);
  const has = offsets.some((offset) => offset !== 0);
  const weight = { suffix: "weight", shape: [count, 1, 1, 1], role: "weight", fanIn: 1 } as const;
  const bias = { suffix: "bias", shape: [count], role: "bias", fanIn: 0 } as const;
  const weights = {
    weight: added.parameter(weight, factors),
    ...(has && { bias: added.parameter(bias, offsets) }),
  };
  const nodes = [instead(node, conv2d, node.inputs, pointwise(count, has), weights)];
  return { nodes, weights: added.weights };
}

function asNorm(node: Node<ScaleAttrs>, site: Site): Instead {
  const added = new Added(node, site);
  const { factors, offsets, count } = numbersOf(node);
  const all = (number: number): readonly number[] => factors.map(() => number);
  const spec = { shape: [count], fanIn: 0 };
  // What stands in f32 for 1 - eps: the factors take in what that rounds.
  const variance = Math.fround(1 - plain.eps);
  const exact = factors.map((factor) => factor * Math.sqrt(variance + plain.eps));
  const attrs: BatchNormAttrs = {
    ...plain,
    scale: factors.some((factor) => factor !== 1),
    shift: offsets.some((offset) => offset !== 0),
  };
  const weights = {
    ...(attrs.scale && {
      weight: added.parameter({ ...spec, suffix: "weight", role: "gamma" }, exact),
    }),
    ...(attrs.shift && {
      bias: added.parameter({ ...spec, suffix: "bias", role: "beta" }, offsets),
    }),
    running_mean: added.parameter(
      { ...spec, suffix: "running_mean", role: "running_mean" },
      all(0),
    ),
    running_var: added.parameter(
      { ...spec, suffix: "running_var", role: "running_var" },
      all(variance),
    ),
  };
  return {
    nodes: [instead(node, batchNorm, node.inputs, attrs, weights)],
    weights: added.weights,
  };
}

function numbersOf({ attrs, inputs: [x] }: Node<ScaleAttrs>) {
  const count = channels(x!.shape);
  return { count, factors: eachOf(attrs.scale, count), offsets: eachOf(attrs.shift, count) };
}

/** As a spec says it in one word. */
const plain = { eps: 1e-5, momentum: 0.1 };

const pointwise = (count: number, bias: boolean): ConvAttrs => ({
  kernel: [1, 1],
  stride: [1, 1],
  pads: noPads,
  dilation: [1, 1],
  groups: count,
  channels: count,
  bias,
  activation: "none",
  split: [count],
});
