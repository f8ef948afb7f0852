/**
 * The library's call, with what it cannot do by itself around it: zeros on one side of the image,
 * and merged siblings whose places do not follow one another.
 */
import type { Node } from "../../../graph/graph.js";
import type { Epilogue } from "../../../ops/epilogue.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, elements } from "../../../ops/shape.js";
import { noPads } from "../../../ops/window.js";
import { siblingsName } from "../../../plan/siblings-name.js";
import { convFields } from "../../describe.js";
import type { LayerTable } from "../../layers.js";
import type { Argument, Call, GpuPrecision, Layer, Stripe } from "../../program.js";
import { type GpuKernel, kernel, packed } from "../kernel.js";
import { sizeOf } from "../layouts.js";
import { at, call, type GpuNode, none, part, storageOf } from "../node.js";
import { convNumbers, isTogether, paddedInput, whole } from "../scratch.js";

export const convCudnn = (precision: GpuPrecision): GpuKernel => {
  const [storage, bytes] = [storageOf(precision), sizeOf(precision)];
  return kernel<ConvAttrs>({
    name: "conv.cudnn",
    primitive: conv2d,
    carries: ({ kind }: Epilogue) => kind === "bias" || kind === "activation",
    weights: ({ weights: { weight, bias }, attrs }) => ({
      weight: packed(
        weight!,
        "pack_conv",
        storage,
        bytes * elements(weight!.shape),
        describeReader,
      ),
      ...(bias === undefined
        ? {}
        : { bias: packed(bias, "pack_bias", storage, bytes * attrs.channels, describeReader) }),
    }),
    workspace: (node, slices) => bytes * convNumbers(node as Node<ConvAttrs>, slices),
    lower: (cx, node) => {
      const input = zerosAround(cx, node);
      const output = oneOutput(cx);
      const layer = describe(cx.table, input.node);
      const size = bytes * elements(shapeOfWeights(node));
      cx.table.check(`packed_weights<${precision}>`, layer, size);
      const own = { kind: "layer", layer } as const;
      const weights = [cx.weight("weight"), cx.weight("bias", none)];
      const args = [own, at(input.from), ...weights, at(output.to)];
      const convolve = call("cuda/convolution.hpp", "conv", [precision], args);
      return [...input.before, convolve, ...output.after];
    },
  });
};

const shapeOfWeights = ({ inputs, attrs }: Node<ConvAttrs>) =>
  conv2d.weights(
    inputs.map(({ shape }) => shape),
    attrs,
  )["weight"]!;

const describe = (table: LayerTable, node: Node<ConvAttrs>): Layer =>
  table.layer(
    node.outputs[0]!.name,
    "Conv",
    convFields(node).filter((field) => field !== undefined),
  );

/** The convolution that is left to do once the zeros are there. */
const describeReader = ({
  table,
  reader,
}: {
  readonly table: LayerTable;
  readonly reader: Node;
}): Layer => describe(table, withoutPads(reader as Node<ConvAttrs>));

function withoutPads(node: Node<ConvAttrs>): Node<ConvAttrs> {
  const shape = paddedInput(node);
  if (shape === undefined) return node;
  const inputs = [{ ...node.inputs[0]!, shape }];
  return { ...node, attrs: { ...node.attrs, pads: noPads }, inputs };
}

interface Input {
  readonly before: readonly Call[];
  readonly from: Stripe;
  readonly node: Node<ConvAttrs>;
}

function zerosAround(cx: GpuNode, node: Node<ConvAttrs>): Input {
  const shape = paddedInput(node);
  if (shape === undefined) return { before: [], from: cx.inputs[0]!, node };
  const from = cx.scratch(`${node.outputs[0]!.name}:padded`, shape);
  const { top, left } = node.attrs.pads;
  const args = [top, left].map((value): Argument => ({ kind: "number", value }));
  const pad = call("cuda/copy.cuh", "pad", [cx.storage], [...args, at(cx.inputs[0]!), at(from)]);
  return { before: [pad], from, node: withoutPads(node) };
}

/** Where all outputs go in one call, and the copies that bring them to their own places. */
function oneOutput(cx: GpuNode): { readonly to: Stripe; readonly after: readonly Call[] } {
  const { node, outputs, plan } = cx;
  const [first] = outputs;
  if (outputs.length === 1) return { to: first!, after: [] };
  const shape = whole(node.outputs);
  const path = siblingsName(node.outputs, plan.graph);
  if (isTogether(node.outputs, plan.slices)) return { to: { ...first!, path, shape }, after: [] };
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
