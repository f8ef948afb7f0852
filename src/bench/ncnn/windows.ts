/** Convolutions and pools: windows that ncnn says by width before height. */
import type { Node } from "../../graph/graph.js";
import type { ConvAttrs } from "../../ops/conv2d.js";
import { type AdaptivePoolAttrs, type PoolAttrs, poolWindow } from "../../ops/pool-attrs.js";
import { channels, elements, plane } from "../../ops/shape.js";
import { span } from "../../ops/window.js";
import { fusedActivation } from "./activations.js";
import { int, type Layers, plain, tagged, type Write } from "./layer.js";
import { refuse } from "./refuse.js";

export const writeConv: Write<ConvAttrs> = (node, weights) => {
  const { kernel, stride, pads, dilation, groups, channels: count } = node.attrs;
  const weight = weights("weight");
  const bias = weights("bias");
  return [
    {
      type: groups === 1 ? "Convolution" : "ConvolutionDepthWise",
      numbers: {
        ...{ 0: int(count), 1: int(kernel[1]), 11: int(kernel[0]) },
        ...{ 2: int(dilation[1]), 12: int(dilation[0]), 3: int(stride[1]), 13: int(stride[0]) },
        ...{ 4: int(pads.left), 15: int(pads.right), 14: int(pads.top), 16: int(pads.bottom) },
        ...{ 5: int(bias === undefined ? 0 : 1), 6: int(weight!.length) },
        ...(groups === 1 ? {} : { 7: int(groups) }),
        ...fusedActivation(node.attrs),
      },
      weights: [...tagged(weight), ...plain(bias)],
    },
  ];
};

/** ncnn pools to the end of what is padded: what `ceil` adds is padding, too. */
export function writePool(node: Node<PoolAttrs>, of: "average" | "largest"): Layers {
  const { kernel, stride, pads, dilation } = poolWindow(node.attrs);
  const [from, to] = [plane(node.inputs[0]!.shape), plane(node.outputs[0]!.shape)];
  if (dilation.some((step) => step !== 1)) refuse(node, "a pool whose taps are apart");
  const reach = ([0, 1] as const).map((side) => {
    const last = (to[side] - 1) * stride[side] + span(kernel[side], dilation[side]);
    const [before, after] = side === 0 ? [pads.top, pads.bottom] : [pads.left, pads.right];
    return {
      after: Math.max(after, last - from[side] - before),
      over: last - from[side] - before > after,
    };
  });
  const average = of === "average";
  // It would count the overhang, which we do not.
  const counts = average && node.attrs.countPad;
  if (counts && reach.some(({ over }) => over))
    refuse(node, "an average that hangs over its padding");
  return [
    {
      type: "Pooling",
      numbers: {
        ...{ 0: int(average ? 1 : 0), 1: int(kernel[1]), 11: int(kernel[0]) },
        ...{ 2: int(stride[1]), 12: int(stride[0]), 3: int(pads.left), 14: int(reach[1]!.after) },
        ...{ 13: int(pads.top), 15: int(reach[0]!.after), 5: int(1), 6: int(counts ? 1 : 0) },
      },
    },
  ];
}

/** One pixel comes as a vector; what follows may need the image that it is. */
export function writeAdaptive({ attrs: { size }, outputs }: Node<AdaptivePoolAttrs>): Layers {
  if (elements(size) > 1)
    return [
      { type: "Pooling", numbers: { 0: int(1), 7: int(1), 8: int(size[1]), 18: int(size[0]) } },
    ];
  const image = { 0: int(1), 1: int(1), 2: int(channels(outputs[0]!.shape)) };
  return [
    { type: "Pooling", numbers: { 0: int(1), 4: int(1) } },
    { type: "Reshape", numbers: image },
  ];
}
