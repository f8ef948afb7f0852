/** What flows from step to step, and how it came to be. */
import { bug } from "../../diagnostics/bug.js";
import type { RowNote } from "../../diagnostics/diagnostic.js";
import type { Operator } from "../../ops/operator.js";
import type { Shape } from "../../ops/shape.js";
import type { Traced, Traces } from "../../ops/trace.js";
import type { Call } from "../../syntax/ast.js";

/** The shape is unknown after a finding. */
export interface Flowing {
  readonly shape: Shape | undefined;
  /** What each dimension depends on; absent where the shape is unknown. */
  readonly traces?: Traces;
  /** The branches of the last concat on the way, with their shapes. */
  readonly parts?: readonly RowNote[];
  /** The image that the vector was before it was flattened. */
  readonly image?: Shape;
  /** Absent for the input, and after a finding. */
  readonly made?: Applied | Joined;
}

/** An operator's result: its rule can be asked again, with other arguments or another input. */
export interface Applied {
  readonly kind: "applied";
  readonly call: Call;
  readonly operator: Operator;
  /** As the operator's signature types them. */
  readonly args: unknown;
  readonly input: Flowing;
}

/** A join's result. */
export interface Joined {
  readonly kind: "joined";
  readonly inputs: readonly Flowing[];
  /** What inputs of these shapes give; undefined where they do not fit. */
  readonly join: (shapes: readonly Shape[]) => Shape | undefined;
}

/** A known shape and what it depends on. */
export const tracedOf = (flowing: Flowing): Traced => ({
  shape: flowing.shape ?? [],
  traces: tracesOf(flowing),
});

/** The traces of a known shape. */
export function tracesOf({ traces }: Flowing): Traces {
  if (traces === undefined) bug("a shape is known and not what it depends on");
  return traces;
}

export const unknown: Flowing = { shape: undefined };
