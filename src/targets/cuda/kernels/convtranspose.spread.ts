/**
 * The library's convolution, of an image whose pixels lie a stride apart with zeros between them, by
 * the kernel turned round. It takes as many multiplications more as pixels are put between, and each
 * of them on the library's fast paths.
 */
import type { Node } from "../../../graph/graph.js";
import { type ConvTransposeAttrs, convTranspose2d } from "../../../ops/convtranspose2d.js";
import { channels, elements, plane, type Shape } from "../../../ops/shape.js";
import { noPads, span } from "../../../ops/window.js";
import { convFields } from "../../describe.js";
import type { LayerTable } from "../../layers.js";
import type { Argument, GpuPrecision, Layer } from "../../program.js";
import type { PrepareNode } from "../../prepare-node.js";
import { type GpuKernel, kernel, packed } from "../kernel.js";
import { sizeOf } from "../layouts.js";
import { at, call, none, storageOf } from "../node.js";

export const convTransposeSpread = (precision: GpuPrecision): GpuKernel => {
  const [storage, bytes] = [storageOf(precision), sizeOf(precision)];
  return kernel<ConvTransposeAttrs>({
    name: "convtranspose.spread",
    primitive: convTranspose2d,
    weights: ({ weights: { weight, bias }, attrs }) => {
      const size = bytes * elements(weight!.shape);
      return {
        weight: packed(weight!, "pack_conv_transpose", storage, size, describeReader),
        ...(bias === undefined
          ? {}
          : { bias: packed(bias, "pack_bias", storage, bytes * attrs.channels, describeReader) }),
      };
    },
    workspace: (node) => bytes * elements(spreadShape(node as Node<ConvTransposeAttrs>)),
    lower: (cx, node) => {
      const { stride, kernel: taps, dilation, pads } = node.attrs;
      const between = cx.scratch(`${node.outputs[0]!.name}:spread`, spreadShape(node));
      const top = span(taps[0], dilation[0]) - 1 - pads.top;
      const left = span(taps[1], dilation[1]) - 1 - pads.left;
      const places = [...stride, top, left].map((value): Argument => ({ kind: "number", value }));
      const args = [...places, at(cx.inputs[0]!), at(between)];
      const layer = describe(cx.table, node);
      const size = bytes * elements(node.weights["weight"]!.shape);
      cx.table.check(`packed_weights<${precision}>`, layer, size);
      const weights = [cx.weight("weight"), cx.weight("bias", none)];
      const own = { kind: "layer", layer } as const;
      const convolved = [own, at(between), ...weights, at(cx.outputs[0]!)];
      return [
        call("cuda/copy.cuh", "spread", [cx.storage], args),
        call("cuda/convolution.hpp", "conv", [precision], convolved),
      ];
    },
  });
};

/** As large as the windows of the convolution reach over the result. */
function spreadShape({ attrs, inputs, outputs }: Node<ConvTransposeAttrs>): Shape {
  const { kernel: taps, dilation } = attrs;
  const [height, width] = plane(outputs[0]!.shape);
  const [down, across] = [span(taps[0], dilation[0]) - 1, span(taps[1], dilation[1]) - 1];
  return [channels(inputs[0]!.shape), height + down, width + across];
}

function describe(table: LayerTable, node: Node<ConvTransposeAttrs>): Layer {
  const { kernel: taps, dilation, groups, channels: count } = node.attrs;
  const fields = convFields({
    attrs: {
      ...{ kernel: taps, stride: [1, 1], pads: noPads, dilation, groups, channels: count },
      ...{ activation: "none", split: [count] },
    },
    inputs: [{ shape: spreadShape(node) }],
    outputs: node.outputs,
  });
  const given = fields.filter((field) => field !== undefined);
  return table.layer(node.outputs[0]!.name, "Conv", given);
}

const describeReader = ({ table, reader }: PrepareNode): Layer =>
  describe(table, reader as Node<ConvTransposeAttrs>);
