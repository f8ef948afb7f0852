/** What the ways to derive a convolution by its weight have in common: descriptor, scratch, the call. */
import type { Node } from "../../../../graph/graph.js";
import { planar as planarLayout } from "../../../../kernels/layout.js";
import { channels, elements, plane } from "../../../../ops/shape.js";
import {
  type ConvGradientAttrs,
  convWeightGradient,
} from "../../../../ops/training/conv2d-gradient.js";
import { field, unless } from "../../../describe.js";
import { convWeightLayer } from "../../../describe-training.js";
import { block } from "../../blocks.js";
import { blocked, type CpuKernel, kernel } from "../../kernel.js";
import type { CpuLevel } from "../../level.js";
import { move } from "../costs.js";

export type WeightNode = Node<ConvGradientAttrs>;

/** A struct of native/cpu/gradient/conv_weight_*.hpp. */
interface WeightAlgorithm {
  /** `blocked`, of `conv-weight.blocked` and its header. */
  readonly name: string;
  readonly struct: string;
  /** Reads a planar image, as the network's input is. */
  readonly planar: boolean;
  readonly refuses: (node: WeightNode) => string | undefined;
  /** Blocks of 16 sums that are kept while it runs. */
  readonly sums: (node: WeightNode) => number;
  /** Nanoseconds for one image; what it takes to put the sums in their places comes on top. */
  readonly cost: (node: WeightNode, level: CpuLevel) => number;
}

export const weightKernel = (own: WeightAlgorithm): CpuKernel => {
  const { name, struct, planar, refuses } = own;
  const bytes = (node: WeightNode): number => 4 * block * own.sums(node);
  return kernel<ConvGradientAttrs, "">({
    name: `${convWeightGradient.name}.${name}`,
    primitive: convWeightGradient,
    wholeBatch: true,
    refuses,
    ways: (node, machine) => [
      {
        tuning: "",
        inputs: [planar ? planarLayout : blocked, blocked],
        outputs: [planarLayout],
        weights: {},
        // Of a batch of some size, which nothing knows here, each image bears a part.
        cost: own.cost(node, machine.level as CpuLevel) + (move * elements(node.attrs.shape)) / 4,
        workspace: () => bytes(node),
      },
    ],
    lower: (cx, node) => {
      const layer = cx.layer(...convWeightLayer(node), unless(!planar, field("planar")));
      const file = `gradient/conv_weight_${name}`;
      cx.check(`${struct}::fits`, layer, true, file);
      cx.check(`${struct}::workspace`, layer, bytes(node), file);
      const args = [...cx.inputs, cx.scratch, ...cx.outputs];
      return [cx.kernel(file, "conv_weight_gradient", layer, args, [struct])];
    },
  });
};

export const taps = ({ attrs: { kernel } }: WeightNode): number => kernel[0] * kernel[1];

/** Output blocks by pixels of one image. */
export const outputs = ({ inputs: [, dy] }: WeightNode): number => {
  const [height, width] = plane(dy!.shape);
  return Math.ceil(channels(dy!.shape) / block) * height * width;
};
