/** What the algorithms of a convolution have in common: descriptor, packing, the call. */
import type { Node } from "../../../graph/graph.js";
import { zeros } from "../../../graph/value.js";
import type { Machine } from "../../../kernels/kernel.js";
import { type Layout, planar } from "../../../kernels/layout.js";
import type { ConvAttrs } from "../../../ops/conv2d.js";
import type { Epilogue } from "../../../ops/epilogue.js";
import { channels } from "../../../ops/shape.js";
import { convFields, field, unless } from "../../describe.js";
import type { LayerTable } from "../../layers.js";
import type { Call, Layer } from "../../program.js";
import type { PrepareNode } from "../../prepare-node.js";
import { blocked, type CpuPacking, type CpuWay } from "../kernel.js";
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

/** What a convolution is called that takes in another value, and one that does not. */
export const convName = ({ inputs }: Node<ConvAttrs>): string =>
  inputs.length > 1 ? "conv_add" : "conv";

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
  const own = { planar: algorithm.planar, always: precision === "bf16" };
  const scratch = algorithm.workspace ?? convScratch(shape, node.attrs, own);
  return {
    tuning,
    inputs: node.inputs.map((_, i) => (i === 0 ? from : blocked)),
    outputs: node.outputs.map(() => blocked),
    weights: {
      weight: packing(node, algorithm, "pack", algorithm.weights),
      bias: packing(node, algorithm, "pack_bias", packedBias(node.attrs)),
    },
    cost,
    workspace: () => scratch,
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
  const layer = describe(cx.table, node, algorithm);
  cx.check(`${name}::fits`, layer, true);
  cx.check(`${name}::packed_weights`, layer, weights);
  cx.check(`${name}::packed_bias`, layer, packedBias(node.attrs));
  const numbers = cx.precision === "bf16" ? "<Bf16>" : "";
  cx.check(`${name}::workspace${numbers}`, layer, cx.planned.workspace?.bytes ?? 0);
  more(layer);
  const [input, ...added] = cx.inputs;
  const weight = algorithm.bf16 === true ? asBf16(cx.weight("weight")) : cx.weight("weight");
  const args = [input!, weight, cx.weight("bias"), ...added, cx.scratch, ...cx.outputs];
  return [cx.kernel(`conv/${header}`, convName(node), layer, args, [name])];
}

const packedBias = (attrs: ConvAttrs): number => block * convBlocks(attrs);

/** An absent bias is zeros. */
const packing = (
  { weights, attrs }: Node<ConvAttrs>,
  algorithm: ConvAlgorithm,
  packer: "pack" | "pack_bias",
  numbers: number,
): CpuPacking => ({
  of: packer === "pack" ? weights["weight"]! : (weights["bias"] ?? zeros([attrs.channels])),
  layout: {
    kind: "packed",
    name: `${algorithm.name}::${packer}`,
    bytes: numbers * (packer === "pack" && algorithm.bf16 === true ? 2 : 4),
  },
  lower: ({ reader, inputs, outputs, table }: PrepareNode) => {
    const layer = describe(table, reader as Node<ConvAttrs>, algorithm);
    const isBf16 = packer === "pack" && algorithm.bf16 === true;
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

const describe = (
  table: LayerTable,
  node: Node<ConvAttrs>,
  { planar: isPlanar }: Pick<ConvAlgorithm, "planar">,
): Layer =>
  table.layer(node.outputs[0]!.name, "Conv", [
    ...convFields(node, unless(!isPlanar, field("planar"))).filter((each) => each !== undefined),
  ]);

export const taps = ({ kernel }: ConvAttrs): number => kernel[0] * kernel[1];

/** Input channels that one output channel sees. */
export const depth = ({ inputs, attrs }: Node<ConvAttrs>): number =>
  channels(inputs[0]!.shape) / attrs.groups;
