import type { DiagnosticCode, DiagnosticParams } from "../diagnostics/catalogue.js";
import type { Builder, BuildValue } from "./primitive.js";
import type { Shape } from "./shape.js";
import type { Signature } from "./signature.js";
import type { Spelling } from "./spelling.js";
import type { Causes, Trace, Traced, Traces } from "./trace.js";
import type { Window } from "./window.js";

/** A parameter that an operator owns: `suffix` goes below the step's path (`weight`, `bn.bias`). */
export interface ParameterSpec {
  readonly suffix: string;
  readonly shape: Shape;
  /** What initialisation and `random:SEED` need to know. `fanIn` for weights, else 0. */
  readonly role: "weight" | "bias" | "gamma" | "beta" | "running_mean" | "running_var";
  readonly fanIn: number;
  /** What a factor is before training, where it is not 1. */
  readonly initial?: number;
}

/** What other values of a model's parameters may change of an operator's weights. */
export interface ParameterTraces {
  /** Which of them there are. */
  readonly presence: Trace;
  /** The dimensions of one, in the order of its shape. */
  dimensions(parameter: ParameterSpec): Traces;
}

/** The findings that operators make: `code` and `params` are those of the catalogue. */
type Finding = {
  [C in ProblemCode]: { readonly code: C; readonly params: DiagnosticParams<C> };
}[ProblemCode];

type ProblemCode = Extract<DiagnosticCode, `shape/${string}` | "args/conflict">;

/**
 * A finding of a shape rule. The model room places it: `argument` names the argument whose span
 * is underlined, else the call is.
 */
export type ShapeProblem = Finding & {
  readonly argument?: string;
  readonly label?: string;
  readonly help?: string;
  /** The only input that would have fitted, where there is one. */
  readonly wanted?: Shape;
  /** An argument that would mend the call; help and fix show the whole call with it. */
  readonly write?: { readonly argument: string; readonly text: string };
};

/**
 * Where a value stands between linear and not, for `style/linear-chain`: a `linear` operator is a
 * linear map of everything it sees, `activated` one that ends in its own non-linearity, and
 * `transparent` ones neither start nor break a chain of linear maps.
 */
export type Linearity = "linear" | "activated" | "nonlinear" | "transparent";

/** One operator of the language. The registry, completion, docs and argument checks derive from it. */
export interface Operator<A = unknown> {
  readonly name: string;
  /** One sentence, then details, as Markdown. */
  readonly doc: string;
  readonly signature: Signature<A>;
  linearity(args: A): Linearity;
  /** The output's shape, or what is wrong. */
  shape(input: Shape, args: A): Shape | ShapeProblem;
  /** What each dimension of `output`, the result of `shape`, depends on. */
  traces(input: Traced, args: A, causes: Causes<A>, output: Shape): Traces;
  parameters(input: Shape, args: A): readonly ParameterSpec[];
  /** What the parameters depend on; left out where there are none. */
  parameterTraces?(input: Traced, causes: Causes<A>, output: Traces): ParameterTraces;
  build(b: Builder, x: BuildValue, args: A): BuildValue;
  /** The way back, from a node to the call that builds it, by primitive; "none" where it builds no node. */
  readonly spelling: Spelling | readonly Spelling[] | "none";
  /** How it slides over its input, where it does: messages about shapes explain themselves by it. */
  window?(input: Shape, args: A): Window | undefined;
}
