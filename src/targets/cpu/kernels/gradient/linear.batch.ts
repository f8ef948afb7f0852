/** native/cpu/gradient/linear.hpp: the fully connected layer and its derivatives of a whole batch. */
import type { Node } from "../../../../graph/graph.js";
import { planar } from "../../../../kernels/layout.js";
import { linear } from "../../../../ops/linear.js";
import type { Primitive } from "../../../../ops/primitive.js";
import {
  linearInputGradient,
  linearWeightGradient,
} from "../../../../ops/training/linear-gradient.js";
import {
  type Descriptor,
  linearInputLayer,
  linearOf,
  linearWeightLayer,
} from "../../../describe-training.js";
import { appliedField } from "../../../describe.js";
import { block } from "../../blocks.js";
import { type CpuKernel, kernel, keptOf } from "../../kernel.js";
import type { CpuLevel } from "../../level.js";
import { nothing } from "../../node.js";
import { blockMultiply } from "../costs.js";

interface Product<A> {
  readonly primitive: Primitive<A>;
  readonly name: string;
  readonly layer: (node: Node<A>) => Descriptor;
  /** All that it may have, in the order of the call. */
  readonly roles: readonly string[];
}

const product = <A>({ primitive, name, layer, roles }: Product<A>): CpuKernel =>
  kernel<A, "">({
    name: `${primitive.name}.batch`,
    primitive,
    wholeBatch: true,
    ways: (node, machine) => {
      const shapes = node.inputs.map(({ shape }) => shape);
      const multiplies = primitive.macs(shapes, node.attrs) / block;
      return [
        {
          tuning: "",
          inputs: node.inputs.map(() => planar),
          outputs: [planar],
          weights: keptOf(node, roles),
          cost: multiplies * blockMultiply[machine.level as CpuLevel],
        },
      ];
    },
    lower: (cx, node) => {
      const kept = roles.map((role) => cx.weight(role, nothing));
      const args = [...cx.inputs, ...kept, ...cx.outputs];
      return [cx.kernel("gradient/linear", name, cx.layer(...layer(node)), args)];
    },
  });

export const linearKernels: readonly CpuKernel[] = [
  product({
    primitive: linear,
    name: "linear_batch",
    layer: ({ inputs, outputs, attrs }) => [
      ...linearOf(inputs[0]!.shape, outputs[0]!.shape),
      appliedField(attrs),
    ],
    roles: ["weight", "bias"],
  }),
  product({
    primitive: linearInputGradient,
    name: "linear_input_gradient",
    layer: linearInputLayer,
    roles: ["weight"],
  }),
  product({
    primitive: linearWeightGradient,
    name: "linear_weight_gradient",
    layer: linearWeightLayer,
    roles: [],
  }),
];
