/**
 * native/cpu/gradient/conv_input.hpp: tiles of pixels a stride apart. Where the stride is 1, a pass
 * has made a convolution of it, unless it was padded beyond its kernel.
 */
import type { Node } from "../../../../graph/graph.js";
import { channels, elements, plane } from "../../../../ops/shape.js";
import {
  type ConvGradientAttrs,
  convInputGradient,
} from "../../../../ops/training/conv2d-gradient.js";
import { convInputLayer } from "../../../describe-training.js";
import type { LayerTable } from "../../../layers.js";
import type { Layer } from "../../../program.js";
import { block } from "../../blocks.js";
import { blocked, type CpuKernel, kernel } from "../../kernel.js";
import type { CpuLevel } from "../../level.js";
import { call } from "../../node.js";
import { blockMultiply } from "../costs.js";

type InputNode = Node<ConvGradientAttrs>;

interface Gathering {
  readonly name: string;
  readonly struct: string;
  readonly refuses: (attrs: ConvGradientAttrs) => string | undefined;
  /** Numbers of the packed weights for each tap of a block of input channels. */
  readonly tapWeights: (attrs: ConvGradientAttrs) => number;
  /** Block multiplies that a tap of a block and pixel takes. */
  readonly multiplies: (attrs: ConvGradientAttrs) => number;
}

const header = "gradient/conv_input";

const gathering = ({ name, struct, refuses, tapWeights, multiplies }: Gathering): CpuKernel => {
  const packed = ({ attrs }: InputNode): number =>
    blocksOf(channels(attrs.shape)) * taps(attrs) * tapWeights(attrs);
  return kernel<ConvGradientAttrs, "">({
    name: `${convInputGradient.name}.${name}`,
    primitive: convInputGradient,
    refuses: ({ attrs }) => refuses(attrs),
    ways: (node, machine) => {
      const { attrs } = node;
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
              layout: { kind: "packed", name: `${struct}::pack`, bytes: 4 * packed(node) },
              lower: ({ reader, inputs, outputs, table }) => {
                const layer = describe(table, reader as InputNode);
                const args = [{ kind: "layer", layer } as const, inputs[0]!, outputs[0]!];
                return call(`cpu/${header}.hpp`, `${struct}::pack`, [], args);
              },
            },
          },
          cost: pixels * seen * multiplies(attrs) * blockMultiply[machine.level as CpuLevel],
        },
      ];
    },
    lower: (cx, node) => {
      const layer = describe(cx.table, node);
      cx.check(`${struct}::fits`, layer, true);
      cx.check(`${struct}::packed_weights`, layer, packed(node));
      const args = [...cx.inputs, cx.weight("weight"), ...cx.outputs];
      return [cx.kernel(header, "conv_input_gradient", layer, args, [struct])];
    },
  });
};

const blocksOf = (count: number): number => Math.ceil(count / block);
const taps = ({ kernel: [height, width] }: ConvGradientAttrs): number => height * width;

function describe(table: LayerTable, node: InputNode): Layer {
  const [type, ...fields] = convInputLayer(node);
  const given = fields.filter((each) => each !== undefined);
  return table.layer(node.outputs[0]!.name, type, given);
}

export const convInputKernels: readonly CpuKernel[] = [
  gathering({
    name: "gather",
    struct: "GatherGroups",
    refuses: ({ groups, channels: count, shape }) => {
      const whole = [count, channels(shape)].every((each) => (each / groups) % block === 0);
      if (groups === 1 || whole) return undefined;
      return `its groups are no whole blocks of ${block} channels`;
    },
    tapWeights: ({ groups, channels: count }) => blocksOf(count / groups) * block * block,
    multiplies: ({ groups, channels: count }) => count / groups,
  }),
  gathering({
    name: "gather-depthwise",
    struct: "GatherChannels",
    refuses: ({ groups, channels: count, shape }) =>
      groups === count && groups === channels(shape) ? undefined : "its channels see one another",
    tapWeights: () => block,
    multiplies: () => 2,
  }),
];
