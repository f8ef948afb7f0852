import type { Node } from "../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../ops/conv2d.js";
import { channels, elements } from "../../ops/shape.js";
import { noPads } from "../../ops/window.js";
import { convFields } from "../describe.js";
import type { Argument, Call, Layer, PlacedRun, Pointer } from "../program.js";
import { at, call, type GpuNode, none, part } from "./node.js";
import { rule } from "./rule.js";
import { siblingsName } from "../../plan/siblings-name.js";
import { isTogether, paddedInput, whole } from "./scratch.js";

/**
 * The library's call, with what it cannot do by itself around it: zeros on one side of the image,
 * and merged siblings whose places do not follow one another.
 */
export const convRule = rule(conv2d, (cx): readonly Call[] => {
  const input = zerosAround(cx);
  const output = oneOutput(cx);
  const layer = cx.layer("Conv", ...convFields(input.node));
  const [weight, bias] = packed(cx, layer);
  const own = { kind: "layer", layer } as const;
  const args = [own, at(input.from), weight, bias, at(output.to)];
  const convolve = call("cuda/convolution.hpp", "conv", [cx.precision], args);
  return [...input.before, convolve, ...output.after];
});

interface Input {
  readonly before: readonly Call[];
  readonly from: PlacedRun;
  /** The convolution that is left to do. */
  readonly node: Node<ConvAttrs>;
}

function zerosAround(cx: GpuNode<ConvAttrs>): Input {
  const { node } = cx;
  const shape = paddedInput(node);
  if (shape === undefined) return { before: [], from: cx.inputs[0]!, node };
  const from = cx.scratch(`${node.outputs[0]!.name}:padded`, shape);
  const { top, left } = node.attrs.pads;
  const args = [top, left].map((value): Argument => ({ kind: "number", value }));
  return {
    before: [call("cuda/copy.cuh", "pad", [cx.storage], [...args, at(cx.inputs[0]!), at(from)])],
    from,
    node: {
      ...node,
      attrs: { ...node.attrs, pads: noPads },
      inputs: [{ ...node.inputs[0]!, name: from.path, shape }],
    },
  };
}

/** Where all outputs go in one call, and the copies that bring them to their own places. */
function oneOutput(cx: GpuNode<ConvAttrs>): {
  readonly to: PlacedRun;
  readonly after: readonly Call[];
} {
  const { node, outputs } = cx;
  const [first] = outputs;
  if (outputs.length === 1) return { to: first!, after: [] };
  const shape = whole(node.outputs);
  const path = siblingsName(node.outputs, cx.target.plan.graph);
  if (isTogether(node.outputs, cx.target.plan.slices)) {
    return { to: { ...first!, path, shape }, after: [] };
  }
  const to = cx.scratch(path, shape);
  let start = 0;
  const after = outputs.map((output) => {
    const count = channels(output.shape);
    const from = part(to, `${output.path}:dense`, start, count);
    start += count;
    return call("cuda/copy.cuh", "copy", [cx.storage], [at(from), at(output)]);
  });
  return { to, after };
}

/** Packed as the library wants them: channels last, rounded. */
function packed(cx: GpuNode<ConvAttrs>, layer: Layer): readonly [Pointer, Pointer] {
  const { weight, bias } = cx.node.weights;
  const own = { kind: "layer", layer } as const;
  const { storage, precision } = cx;
  const size = cx.bytes(elements(weight!.shape));
  cx.target.table.check(`packed_weights<${precision}>`, layer, size);
  const pack = (name: string, from: Pointer, to: Pointer): Call =>
    call("cuda/pack.hpp", name, [storage], [own, from, to]);
  const weights = cx.prepare.store(weight, size, (from, to) => pack("pack_conv", from, to));
  if (bias === undefined) return [weights, none];
  const count = cx.bytes(cx.node.attrs.channels);
  const offsets = cx.prepare.store(bias, count, (from, to) => pack("pack_bias", from, to));
  return [weights, offsets];
}
