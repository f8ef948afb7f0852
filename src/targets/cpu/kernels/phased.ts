/**
 * `phased` of native/cpu/conv/phased.hpp: a strided convolution as one of stride 1. Rows and columns at a
 * distance of a multiple of the stride are a phase, and a channel of their own.
 */
import type { Node } from "../../../graph/graph.js";
import type { ConvAttrs } from "../../../ops/conv2d.js";
import { channels, elements, plane } from "../../../ops/shape.js";
import { block } from "../blocks.js";

/** conv 7x7/2 of 3 x 224x224 to 112x112 -> conv 4x4 of 12 x 115x115, whose input has its border. */
export function phased(node: Node<ConvAttrs>): Node<ConvAttrs> {
  const { attrs, inputs, outputs } = node;
  const [image, ...values] = inputs;
  const taps = (side: 0 | 1): number => Math.ceil(attrs.kernel[side] / attrs.stride[side]);
  const [height, width] = plane(outputs[0]!.shape);
  const phases = attrs.stride[0] * attrs.stride[1];
  const shape = [channels(image!.shape) * phases, height + taps(0) - 1, width + taps(1) - 1];
  return {
    ...node,
    inputs: [{ ...image!, shape }, ...values],
    attrs: {
      ...attrs,
      ...{ kernel: [taps(0), taps(1)], stride: [1, 1] },
      pads: { top: 0, left: 0, bottom: 0, right: 0 },
    },
  };
}

/** The blocked image that such a node reads, in bytes. */
export const phasedBytes = ({ inputs: [image] }: Node<ConvAttrs>): number =>
  4 * Math.ceil(channels(image!.shape) / block) * block * elements(plane(image!.shape));
