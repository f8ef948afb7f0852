import type { Primitive } from "../primitive.js";
import { formatShape } from "../shape.js";
import { fitsBeside, leader, type JoinRule } from "./rule.js";

/**
 * One join of the language, `NAME { l: a  r: b }`: the grammar, the checks, the documentation and
 * the graph derive from it. `rule` says which branches fit together and what they give.
 */
export interface Join<A = unknown> {
  readonly name: string;
  /** One sentence, then details, as Markdown. */
  readonly doc: string;
  readonly rule: JoinRule;
  /** Whether it is a linear map where all that it joins is, for `style/linear-chain`. */
  readonly linear: boolean;
  /** Whether the branches are there in the result, one after the other. */
  readonly sideBySide: boolean;
  /** What it builds, and with which attributes of so many operands. */
  readonly primitive: JoinPrimitive<A>;
  readonly attrs: (operands: number) => A;
}

/** A primitive of any number of operands, with what only such a one has to say of itself. */
export type JoinPrimitive<A> = Primitive<A> &
  Required<Pick<Primitive<A>, "misfit" | "passesOn">> & { readonly operands: "any" };

interface Facts<A> extends Omit<
  JoinPrimitive<A>,
  "infer" | "weights" | "macs" | "operands" | "misfit"
> {
  readonly rule: JoinRule;
  /** The attribute that has an entry for each operand, where there is one. */
  readonly listed?: (attrs: A) => readonly unknown[];
}

/** It neither has weights nor counts as multiplying; shapes follow the rule of its join. */
export const joinPrimitive = <A>({ rule, listed, ...facts }: Facts<A>): JoinPrimitive<A> => ({
  ...facts,
  infer: (inputs) => [rule.shape(inputs)],
  weights: () => ({}),
  macs: () => 0,
  operands: "any",
  misfit: (inputs, attrs) => {
    const first = leader(rule, inputs);
    const odd = inputs.find((shape) => !fitsBeside(rule, shape, first));
    if (odd !== undefined) return `joins ${formatShape(first)} and ${formatShape(odd)}`;
    const count = listed?.(attrs).length ?? inputs.length;
    return count === inputs.length ? undefined : `has attributes for ${count} operands`;
  },
});
