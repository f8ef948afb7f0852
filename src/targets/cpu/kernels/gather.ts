/** native/cpu/conv_transpose.hpp: tiles of pixels a stride apart. */
import type { Node } from "../../../graph/graph.js";
import type { Primitive } from "../../../ops/primitive.js";
import { channels, elements, plane } from "../../../ops/shape.js";
import type { ConvGradientAttrs } from "../../../ops/training/conv2d-gradient.js";
import type { Descriptor } from "../../describe-training.js";
import type { LayerTable } from "../../layers.js";
import type { Layer } from "../../program.js";
import { block } from "../blocks.js";
import { blocked, type CpuKernel, keptOf, kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { call, nothing } from "../node.js";
import { blockMultiply } from "./costs.js";

/** How the map of a convolution is turned round by gathering. */
interface Gathering {
  readonly name: string;
  readonly struct: string;
  readonly refuses: (attrs: ConvGradientAttrs) => string | undefined;
  /** Numbers of the packed weights for each tap of a block of input channels. */
  readonly tapWeights: (attrs: ConvGradientAttrs) => number;
  /** Block multiplies that a tap of a block and pixel takes. */
  readonly multiplies: (attrs: ConvGradientAttrs) => number;
}

/** A primitive that is the transpose of a convolution. */
export interface Transposed<A> {
  readonly primitive: Primitive<A>;
  /** The function that computes it, and its header. */
  readonly calls: string;
  readonly header: string;
  /** The convolution, and what its derivative is by. */
  readonly of: (node: Node<A>) => ConvGradientAttrs;
  readonly layer: (node: Node<A>) => Descriptor;
  readonly carriesBias: boolean;
}

const gathering = <A>(
  { primitive, calls, header, of, layer: describe, carriesBias }: Transposed<A>,
  { name, struct, refuses, tapWeights, multiplies }: Gathering,
): CpuKernel => {
  const layerOf = (table: LayerTable, node: Node<A>): Layer => {
    const [type, ...fields] = describe(node);
    const given = fields.filter((each) => each !== undefined);
    return table.layer(node.outputs[0]!.name, type, given);
  };
  const packed = (attrs: ConvGradientAttrs): number =>
    blocksOf(channels(attrs.shape)) * taps(attrs) * tapWeights(attrs);
  return kernel<A, "">({
    name: `${primitive.name}.${name}`,
    primitive,
    refuses: (node) => refuses(of(node)),
    ways: (node, machine) => {
      const attrs = of(node);
      const pixels = blocksOf(channels(attrs.shape)) * elements(plane(attrs.shape));
      // Of the taps, a pixel has those that lie whole strides away.
      const seen = taps(attrs) / (attrs.stride[0] * attrs.stride[1]);
      return [
        {
          tuning: "",
          inputs: [blocked],
          outputs: [blocked],
          weights: {
            weight: {
              of: node.weights["weight"]!,
              layout: { kind: "packed", name: `${struct}::pack`, bytes: 4 * packed(attrs) },
              lower: ({ reader, inputs, outputs, table }) => {
                const layer = layerOf(table, reader as Node<A>);
                const args = [{ kind: "layer", layer } as const, inputs[0]!, outputs[0]!];
                return call("cpu/conv_transpose.hpp", `${struct}::pack`, [], args);
              },
            },
            ...keptOf(node, ["bias"]),
          },
          cost: pixels * seen * multiplies(attrs) * blockMultiply[machine.level as CpuLevel],
        },
      ];
    },
    lower: (cx, node) => {
      const layer = layerOf(cx.table, node);
      cx.check(`${struct}::fits`, layer, true);
      cx.check(`${struct}::packed_weights`, layer, packed(of(node)));
      const bias = carriesBias ? [cx.weight("bias", nothing)] : [];
      const args = [...cx.inputs, cx.weight("weight"), ...bias, ...cx.outputs];
      return [cx.kernel(header, calls, layer, args, [struct])];
    },
  });
};

const blocksOf = (count: number): number => Math.ceil(count / block);
const taps = ({ kernel: [height, width] }: ConvGradientAttrs): number => height * width;

const gatherings: readonly Gathering[] = [
  {
    name: "gather",
    struct: "GatherGroups",
    refuses: ({ groups, channels: count, shape }) => {
      const whole = [count, channels(shape)].every((each) => (each / groups) % block === 0);
      if (groups === 1 || whole) return undefined;
      return `its groups are no whole blocks of ${block} channels`;
    },
    tapWeights: ({ groups, channels: count }) => blocksOf(count / groups) * block * block,
    multiplies: ({ groups, channels: count }) => count / groups,
  },
  {
    name: "gather-depthwise",
    struct: "GatherChannels",
    refuses: ({ groups, channels: count, shape }) =>
      groups === count && groups === channels(shape) ? undefined : "its channels see one another",
    tapWeights: () => block,
    multiplies: () => 2,
  },
];

/** As there are ways for channels to see one another. */
export const gatheringKernels = <A>(of: Transposed<A>): readonly CpuKernel[] =>
  gatherings.map((each) => gathering(of, each));
