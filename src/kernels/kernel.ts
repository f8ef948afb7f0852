/**
 * One way to compute a primitive on a target: when it cannot, what it reads and writes, what it
 * costs, and the calls that it becomes. A target has an ordered list of them, the reference last.
 */
import { bug } from "../diagnostics/bug.js";
import { isNode, type Node } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import type { Epilogue } from "../ops/epilogue.js";
import type { Primitive } from "../ops/primitive.js";
import type { Layout, Slices } from "./layout.js";

/** What a choice may depend on and a node does not say. */
export interface Machine {
  /** `avx2`, `sm_80 sm_90` */
  readonly level: string;
  /** Whether sums are of what the definition's are of. */
  readonly strict?: boolean;
  /** What images are stored in between layers, where a target has a choice. */
  readonly precision?: string;
}

/** What a target lowers with, and what it lowers to: at a run, and when weights are loaded. */
export interface Lowering {
  readonly run: unknown;
  readonly instruction: unknown;
  readonly prepare: unknown;
  readonly call: unknown;
}

/** Weights in the layout of one kernel: what they are made of, and how. */
export interface Packing<L extends Lowering> {
  readonly of: Value;
  readonly layout: Layout;
  /** Whether it only keeps what it is made of. */
  readonly unchanged?: boolean;
  readonly lower: Prepare<L>;
}

/** The call that prepares a value of extent model. */
export type Prepare<L extends Lowering> = (cx: L["prepare"]) => L["call"];

/** One setting of a kernel for a node. */
export interface Way<Tuning, L extends Lowering> {
  readonly tuning: Tuning;
  /** One an operand, and one a result. */
  readonly inputs: readonly Layout[];
  readonly outputs: readonly Layout[];
  /** Operands that are prepared at load, by the kernel's own names for them. */
  readonly weights: Readonly<Record<string, Packing<L>>>;
  /** Nanoseconds for one image, on one core or one GPU. */
  readonly cost: number;
  /**
   * Bytes of scratch, for one image or, of a kernel that takes the whole batch, for all of them
   * together; which may hang on what of the node are slices of others.
   */
  readonly workspace?: (node: Node, slices: Slices) => number;
  /** Whether its results may begin inside of a block of channels, beside others: not, where it is left out. */
  readonly keepsToChannels?: (node: Node) => boolean;
}

export interface Kernel<A, Tuning, L extends Lowering> {
  /** `conv.direct` */
  readonly name: string;
  readonly primitive: Primitive<A>;
  /** Taken only where all others refuse, or where references are asked for. */
  readonly reference?: boolean;
  /** Whether it takes all images of a run at once, where the others see one after the other. */
  readonly wholeBatch?: boolean;
  /**
   * Whether it takes several images as well as one, and reads each weight once for all of them: worth
   * asking for where reading weights is what it waits for.
   */
  readonly sharesWeights?: boolean;
  /** What it can do before it stores; nothing where this is left out. */
  carries?(epilogue: Epilogue): boolean;
  /** Why it cannot, as the rest of a sentence: `groups are no whole blocks`. */
  refuses?(node: Node<A>, machine: Machine): string | undefined;
  /** Worth trying: at least one where it does not refuse. Of equal cost the first is taken. */
  ways(node: Node<A>, machine: Machine): readonly Way<Tuning, L>[];
  lower(cx: L["run"], node: Node<A>, tuning: Tuning): readonly L["instruction"][];
}

/** A way whose tuning is text, to be shown and recorded, and which lowers by itself. */
export interface BoundWay<L extends Lowering> extends Way<string, L> {
  lower(cx: L["run"], node: Node): readonly L["instruction"][];
}

/** What a kernel says of a node of its primitive. */
export type Offer<L extends Lowering> =
  { readonly refused: string } | { readonly ways: readonly BoundWay<L>[] };

/** A kernel with its attributes and tunings out of sight. */
export interface AnyKernel<L extends Lowering> {
  readonly name: string;
  readonly primitive: string;
  readonly reference: boolean;
  readonly wholeBatch: boolean;
  readonly sharesWeights: boolean;
  carries(epilogue: Epilogue): boolean;
  offer(node: Node, machine: Machine): Offer<L>;
}

export const anyKernel = <A, Tuning extends { toString(): string }, L extends Lowering>(
  own: Kernel<A, Tuning, L>,
): AnyKernel<L> => ({
  name: own.name,
  primitive: own.primitive.name,
  reference: own.reference ?? false,
  wholeBatch: own.wholeBatch ?? false,
  sharesWeights: own.sharesWeights ?? false,
  carries: (epilogue) => own.carries?.(epilogue) ?? false,
  offer: (node, machine) => {
    if (!isNode(node, own.primitive)) bug(`${own.name} is asked for ${node.primitive.name}`);
    const refused = own.refuses?.(node, machine);
    if (refused !== undefined) return { refused };
    const bound = own.ways(node, machine).map((way) => ({
      ...way,
      tuning: String(way.tuning),
      // The same node with operands in the way's layouts.
      lower: (cx: L["run"], chosen: Node) => own.lower(cx, chosen as Node<A>, way.tuning),
    }));
    return { ways: bound };
  },
});
