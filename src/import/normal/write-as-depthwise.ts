/**
 * A scale of an image by many numbers is a 1x1 convolution of each channel by itself, whose numbers
 * are weights: so a spec holds no list of hundreds of them.
 *
 *     b = scale [2, 3, …] shift [4, 5, …] (x)    ->   b = conv 1x1 groups c (x) weight w bias v
 *
 * It does not touch lists that a person would write (the colours of a picture have three or four
 * channels), nor a vector, which has no convolution.
 */
import { isNode } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import { conv2d, type ConvAttrs } from "../../ops/conv2d.js";
import { scale } from "../../ops/scale.js";
import { channels, isImage } from "../../ops/shape.js";
import { noPads } from "../../ops/window.js";
import { written } from "./folded.js";
import { instead, rule } from "./rule.js";
import { eachOf, isPerChannel } from "./scales.js";

/** The longest list that a spec holds. */
const longest = 4;

export const writeAsDepthwise = rule("write-as-depthwise", (node, site) => {
  if (!isNode(node, scale) || !isPerChannel(node)) return undefined;
  const [x] = node.inputs;
  const count = channels(x!.shape);
  if (count <= longest || !isImage(x!.shape)) return undefined;
  const bias = node.attrs.shift.some((shift) => shift !== 0);
  const named = `the constants of ${node.outputs[0]!.name}`;
  const weight = site.parameter(node, {
    ...{ suffix: "weight", shape: [count, 1, 1, 1], role: "weight", fanIn: 1 },
  });
  const offset = site.parameter(node, { suffix: "bias", shape: [count], role: "bias", fanIn: 0 });
  const weights = { weight, ...(bias && { bias: offset }) };
  const numbers = new Map<Parameter, ReturnType<typeof written>>([
    [weight, written(named, eachOf(node.attrs.scale, count))],
    ...(bias ? [[offset, written(named, eachOf(node.attrs.shift, count))] as const] : []),
  ]);
  return {
    nodes: [instead(node, conv2d, [x!], pointwise(count, bias), weights)],
    weights: numbers,
  };
});

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
