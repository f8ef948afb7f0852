/** What the references of training have in common: planar, and called with all that the node has. */
import { planar } from "../../../../kernels/layout.js";
import type { Node } from "../../../../graph/graph.js";
import type { Primitive } from "../../../../ops/primitive.js";
import { elements } from "../../../../ops/shape.js";
import type { Descriptor } from "../../../describe-training.js";
import type { Argument, Layer } from "../../../program.js";
import { type CpuKernel, kernel, keptOf } from "../../kernel.js";
import { type CpuNode, type Instruction, nothing } from "../../node.js";

export interface Reference<A> {
  readonly primitive: Primitive<A>;
  readonly layer: (node: Node<A>) => Descriptor;
  /** Its header below native/cpu/reference, and its name there. */
  readonly header: string;
  readonly name: string;
  readonly wholeBatch?: boolean;
  /** All that it may have, in the order of the call; null stands for those that it has not. */
  readonly roles?: readonly string[];
  /** What it is called with, where that is not operands, roles and results in this order. */
  readonly args?: (cx: CpuNode<A>) => readonly Argument[];
}

/** What it is called with. */
export const argumentsOf = <A>(
  { roles = [], args }: Reference<A>,
  cx: CpuNode<A>,
): readonly Argument[] =>
  args?.(cx) ?? [...cx.inputs, ...roles.map((role) => cx.weight(role, nothing)), ...cx.outputs];

export const reference = <A>(own: Reference<A>): CpuKernel => {
  const { primitive, layer, header, name, wholeBatch = false, roles = [] } = own;
  return kernel<A, "">({
    name: `${primitive.name}.reference`,
    primitive,
    reference: true,
    wholeBatch,
    ways: (node) => [
      {
        tuning: "",
        inputs: node.inputs.map(() => planar),
        outputs: node.outputs.map(() => planar),
        weights: keptOf(node, roles),
        cost: node.outputs.reduce((sum, { shape }) => sum + elements(shape), 0),
      },
    ],
    lower: (cx, node): readonly Instruction[] => {
      const described: Layer = cx.layer(...layer(node));
      return [cx.reference(header, name, described, argumentsOf(own, cx as CpuNode<A>))];
    },
  });
};
