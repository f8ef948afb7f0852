import {
  anyKernel,
  type AnyKernel,
  type Kernel,
  type Packing,
  type Way,
} from "../../kernels/kernel.js";
import { type Layout, planar } from "../../kernels/layout.js";
import type { Node } from "../../graph/graph.js";
import { elements, isImage, type Shape } from "../../ops/shape.js";
import { keep } from "../prepare.js";
import type { HostLowering } from "../prepare-node.js";
import { block } from "./blocks.js";
import type { CpuNode, Instruction } from "./node.js";

export interface CpuLowering extends HostLowering {
  readonly run: CpuNode;
  readonly instruction: Instruction;
}

export type CpuKernel = AnyKernel<CpuLowering>;
export type CpuPacking = Packing<CpuLowering>;
export type CpuWay<Tuning> = Way<Tuning, CpuLowering>;

export const kernel = <A, Tuning extends { toString(): string }>(
  own: Kernel<A, Tuning, CpuLowering>,
): CpuKernel => anyKernel(own);

export const blocked: Layout = { kind: "blocked", block };

/** Images in blocks of channels, vectors as they are. */
export const inBlocks = ({ shape }: { readonly shape: Shape }): Layout =>
  isImage(shape) ? blocked : planar;

/** What a kernel and its reference have in common: both are called alike. */
export interface Both<A> extends Pick<Kernel<A, string, CpuLowering>, "primitive"> {
  /** `pool`, for `pool.blocked` and `pool.reference`. */
  readonly name: string;
  /** Nanoseconds of a number of the result. */
  readonly perNumber: number;
  /** Operands by role that are kept as the checkpoint has them. */
  readonly kept?: readonly string[];
  /** Whether the fast one's result may begin inside of a block of channels, beside others. */
  readonly keepsToChannels?: boolean;
  readonly carries?: NonNullable<Kernel<A, string, CpuLowering>["carries"]>;
  readonly lower: (cx: CpuNode<A>, attrs: A) => readonly Instruction[];
}

/** A kernel on blocks and, planar, its reference: they have one name and the same arguments. */
export function both<A>({
  primitive,
  name,
  perNumber,
  kept = [],
  keepsToChannels = false,
  carries,
  lower,
}: Both<A>): {
  readonly fast: CpuKernel;
  readonly reference: CpuKernel;
} {
  const of = (kind: string, layout: (value: { readonly shape: Shape }) => Layout): CpuKernel =>
    kernel<A, string>({
      name: `${name}.${kind}`,
      primitive,
      reference: kind === "reference",
      ...(carries && { carries }),
      ways: (node) => [
        {
          tuning: "",
          inputs: node.inputs.map(layout),
          outputs: node.outputs.map(layout),
          weights: keptOf(node, kept),
          cost: perNumber * node.outputs.reduce((sum, { shape }) => sum + elements(shape), 0),
          keepsToChannels: () => keepsToChannels && kind === "blocked",
        },
      ],
      lower: (cx, node) => lower(cx as CpuNode<A>, node.attrs),
    });
  return { fast: of("blocked", inBlocks), reference: of("reference", () => planar) };
}

/** Those of the roles that the node has, as the checkpoint has them; what a run makes is no weight. */
export const keptOf = (node: Node, roles: readonly string[]): Record<string, CpuPacking> =>
  Object.fromEntries(
    roles.flatMap((role) => {
      const value = node.weights[role];
      return value?.extent === "model" ? [[role, keep(value)]] : [];
    }),
  );
