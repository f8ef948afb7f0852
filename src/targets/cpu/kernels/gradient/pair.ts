/** What kernels of training on blocks have in common: they are called as their references are. */
import type { Node } from "../../../../graph/graph.js";
import type { Epilogue } from "../../../../ops/epilogue.js";
import { elements } from "../../../../ops/shape.js";
import { type CpuKernel, inBlocks, kernel, keptOf } from "../../kernel.js";
import type { CpuNode, Instruction } from "../../node.js";
import { argumentsOf, type Reference, reference } from "./reference.js";

interface Pair<A> extends Reference<A> {
  /** Nanoseconds of a number of all results, of the one on blocks. */
  readonly perNumber: number;
  /** Why the one on blocks cannot. */
  readonly refuses?: (node: Node<A>) => string | undefined;
  /** What both can do before they store. */
  readonly carries?: (epilogue: Epilogue) => boolean;
}

/** A kernel on blocks and, planar, its reference: they have one name and the same arguments. */
export const pair = <A>(own: Pair<A>): readonly [fast: CpuKernel, reference: CpuKernel] => {
  const { primitive, layer, header, name, wholeBatch = false, roles = [], perNumber } = own;
  const fast = kernel<A, "">({
    name: `${primitive.name}.blocked`,
    primitive,
    wholeBatch,
    ...(own.refuses && { refuses: own.refuses }),
    ...(own.carries && { carries: own.carries }),
    ways: (node) => [
      {
        tuning: "",
        inputs: node.inputs.map(inBlocks),
        outputs: node.outputs.map(inBlocks),
        weights: keptOf(node, roles),
        cost: perNumber * node.outputs.reduce((sum, { shape }) => sum + elements(shape), 0),
      },
    ],
    lower: (cx, node): readonly Instruction[] => {
      const described = cx.layer(...layer(node));
      return [cx.kernel(header, name, described, argumentsOf(own, cx as CpuNode<A>))];
    },
  });
  return [fast, reference(own)];
};
