/** What the algorithms of a convolution have in common: descriptor, packing, the call. */
import { isNode, type Node } from "../../../graph/graph.js";
import { type Value, zeros } from "../../../graph/value.js";
import type { Machine } from "../../../kernels/kernel.js";
import { type Layout, planar } from "../../../kernels/layout.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import type { Epilogue } from "../../../ops/epilogue.js";
import { pooledConv, type PooledConvAttrs, pooledShape } from "../../../ops/pooled-conv.js";
import { channels, elements, plane } from "../../../ops/shape.js";
import { convFields, field, unless } from "../../describe.js";
import type { Call, Layer, Pointer } from "../../program.js";
import type { PrepareNode } from "../../prepare-node.js";
import { blocked, type CpuPacking, type CpuWay } from "../kernel.js";
import { lanesField } from "../lanes.js";
import { asBf16, call, type CpuNode } from "../node.js";
import { convBlocks, convScratch } from "../scratch.js";
import { block } from "../blocks.js";

/** A struct below native/cpu/conv, and what it makes of the weights. */
export interface ConvAlgorithm {
  /** `direct`, its header. */
  readonly header: string;
  /** `Direct<2, 14>` */
  readonly name: string;
  /** Reads a planar image, as the network's input is. */
  readonly planar: boolean;
  /** Numbers of the packed weights. */
  readonly weights: number;
  /** Bytes of scratch, where that is not the input with its border, in f32. */
  readonly workspace?: number;
  /** Whether the packed weights are bf16. Default: `false`. */
  readonly bf16?: boolean;
}

/** Bias as the start of the sums, another value and an activation at their end. */
export const carriesConv = ({ kind }: Epilogue): boolean =>
  kind === "bias" || kind === "residual" || kind === "activation";

/** What a convolution is called that takes in another value or a bias of places, and one that does not. */
export const convName = ({ inputs, attrs }: Node<ConvAttrs>): string =>
  inputs.length > 1 || attrs.bias === "placed" ? "conv_add" : "conv";

export const convWay = <Tuning extends { toString(): string }>(
  node: Node<ConvAttrs>,
  tuning: Tuning,
  cost: number,
  algorithm: ConvAlgorithm,
  { precision }: Machine,
): CpuWay<Tuning> => {
  const from: Layout = algorithm.planar ? planar : blocked;
  const { shape } = node.inputs[0]!;
  // Sums are of f32: bf16 becomes that on the way.
  const isBf16 = precision === "bf16";
  const own = { planar: algorithm.planar, always: isBf16 };
  const scratch = algorithm.workspace ?? convScratch(shape, node.attrs, own);
  return {
    tuning,
    inputs: node.inputs.map((_, i) => (i === 0 ? from : blocked)),
    outputs: node.outputs.map(() => blocked),
    weights: {
      weight: packing(node, algorithm, "pack", algorithm.weights, algorithm.bf16),
      bias: packing(node, algorithm, "pack_bias", packedBias(node.attrs)),
      ...(node.attrs.bias === "placed" && {
        places: packing(node, algorithm, "pack_places", packedPlaces(node), isBf16),
      }),
    },
    cost,
    workspace: () => scratch,
    // What is added lies as the result does.
    keepsToChannels: () => convName(node) === "conv",
  };
};

/** @param more what else the algorithm says of the layer, for the emitted code to check */
export function lowerConv(
  cx: CpuNode,
  node: Node<ConvAttrs>,
  algorithm: ConvAlgorithm,
  more: (layer: Layer) => void = () => undefined,
): readonly Call[] {
  const { name, header, weights } = algorithm;
  const layer = describe(cx, node, algorithm);
  cx.check(`${name}::fits`, layer, true);
  cx.check(`${name}::packed_weights`, layer, weights);
  cx.check(`${name}::packed_bias`, layer, packedBias(node.attrs));
  const numbers = cx.precision === "bf16" ? "<Bf16>" : "";
  cx.check(`${name}::workspace${numbers}`, layer, cx.planned.workspace?.bytes ?? 0);
  if (node.attrs.bias === "placed") cx.check(`${name}::packed_places`, layer, packedPlaces(node));
  more(layer);
  const [input, ...values] = cx.inputs;
  const weight = algorithm.bf16 === true ? asBf16(cx.weight("weight")) : cx.weight("weight");
  const added = node.attrs.bias === "placed" ? [placesOf(cx)] : values;
  const args = [input!, weight, cx.weight("bias"), ...added, cx.scratch, ...cx.outputs];
  return [cx.kernel(`conv/${header}`, convName(node), layer, args, [name])];
}

/** They lie as the output does. */
const placesOf = (cx: CpuNode): Pointer => {
  const places = cx.weight("places");
  return cx.precision === "bf16" ? asBf16(places) : places;
};

export const packedBias = (attrs: ConvAttrs): number => block * convBlocks(attrs);

const packedPlaces = ({ attrs, outputs }: Node<ConvAttrs>): number =>
  packedBias(attrs) * elements(plane(outputs[0]!.shape));

const packing = (
  node: Node<ConvAttrs>,
  algorithm: ConvAlgorithm,
  packer: "pack" | "pack_bias" | "pack_places",
  numbers: number,
  isBf16 = false,
): CpuPacking => ({
  of: packer === "pack" ? node.weights["weight"]! : biasOf(node, packer),
  layout: {
    kind: "packed",
    name: `${algorithm.name}::${packer}`,
    bytes: numbers * (isBf16 ? 2 : 4),
  },
  lower: (cx: PrepareNode) => {
    const { reader, inputs, outputs } = cx;
    const layer = describe(cx, behindPool(reader), algorithm);
    const to = isBf16 ? asBf16(outputs[0]!) : outputs[0]!;
    const args = [{ kind: "layer", layer } as const, inputs[0]!, to];
    return call(
      `cpu/conv/${algorithm.header}.hpp`,
      `${algorithm.name}::${packer}${isBf16 ? "<Bf16>" : ""}`,
      [],
      args,
    );
  },
});

/** An absent bias is zeros, and one of places is none of channels. */
const biasOf = (
  { weights, attrs }: Node<ConvAttrs>,
  packer: "pack_bias" | "pack_places",
): Value => {
  const own = (attrs.bias === "placed") === (packer === "pack_places");
  return own && weights["bias"] !== undefined ? weights["bias"] : zeros([attrs.channels]);
};

/** The convolution that a node is, or that it has behind its pool. */
const behindPool = (node: Node): Node<ConvAttrs> =>
  isNode(node, pooledConv) ? convolutionOf(node) : (node as Node<ConvAttrs>);

/** As a node that reads what the pool makes. */
export function convolutionOf(node: Node<PooledConvAttrs>): Node<ConvAttrs> {
  const [image] = node.inputs;
  const pooled = { ...image!, shape: pooledShape(image!.shape, node.attrs) };
  return { ...node, primitive: conv2d, attrs: node.attrs.conv, inputs: [pooled] };
}

export const describe = (
  { table, plan }: Pick<PrepareNode, "table" | "plan">,
  node: Node<ConvAttrs>,
  { planar: isPlanar }: Pick<ConvAlgorithm, "planar">,
): Layer =>
  table.layer(node.outputs[0]!.name, "Conv", [
    ...convFields(node, unless(!isPlanar, field("planar")), lanesField(plan, node)).filter(
      (each) => each !== undefined,
    ),
  ]);

export const taps = ({ kernel }: ConvAttrs): number => kernel[0] * kernel[1];

/** Input channels that one output channel sees. */
export const depth = ({ inputs, attrs }: Node<ConvAttrs>): number =>
  channels(inputs[0]!.shape) / attrs.groups;
