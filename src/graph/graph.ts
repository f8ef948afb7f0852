/**
 * The intermediate representation: values in single assignment, nodes in an order that respects
 * every use. Passes build new graphs; nothing here is changed in place.
 */
import type { Frame, Span } from "../diagnostics/diagnostic.js";
import type { Primitive } from "../ops/primitive.js";
import type { ParameterSpec } from "../ops/operator.js";
import type { Shape } from "../ops/shape.js";

/** One image's tensor, f32. `name` is unique and readable: a step's path where there is one. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}

export interface Node<A = unknown> {
  readonly primitive: Primitive<A>;
  readonly attrs: A;
  readonly inputs: readonly Value[];
  /** One, but for merged siblings: then each is a run of the output channels. */
  readonly outputs: readonly Value[];
  /** By the primitive's roles. */
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly origin: Origin;
}

/** The steps of the spec that a node computes: one, or several after fusion. */
export interface Origin {
  readonly paths: readonly string[];
  readonly span: Span;
  readonly frames: readonly Frame[];
}

/** Weight data: straight from the checkpoint, or the result of a prepare step. */
export type Tensor = Parameter | Prepared;

export interface Parameter extends ParameterSpec {
  readonly kind: "parameter";
  readonly name: string;
}

export interface Prepared {
  readonly kind: "prepared";
  readonly name: string;
  readonly shape: Shape;
  readonly step: PrepareStep;
  /** Which of the step's results this is. */
  readonly result: string;
}

/**
 * Host work on weights, once at load, the same for every target. `inputs` and results are named
 * by role. Steps are shared by identity: two results of one step name the same object.
 */
export type PrepareStep = FoldBatchNorm | ConcatRows;

/**
 * Ioffe & Szegedy 2015, section 3: s = gamma / sqrt(var + eps);
 * weight'[o] = weight[o] * s[o], bias'[o] = (bias[o] - mean[o]) * s[o] + beta[o].
 * Results `weight`, `bias`. Absent bias is 0, absent gamma 1, absent beta 0.
 */
export interface FoldBatchNorm {
  readonly kind: "fold-batchnorm";
  readonly eps: number;
  readonly inputs: {
    readonly weight: Tensor;
    readonly bias?: Tensor;
    readonly gamma?: Tensor;
    readonly beta?: Tensor;
    readonly mean: Tensor;
    readonly variance: Tensor;
  };
}

/** Stacks tensors along their first dimension (output channels). Result `rows`. */
export interface ConcatRows {
  readonly kind: "concat-rows";
  /** `undefined` is a run of zeros, for a sibling without a bias. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly shapes: readonly Shape[];
}

export interface Graph {
  readonly name: string;
  readonly input: Value;
  /** What a run returns, in the spec's order; taps follow the declared outputs. */
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly Node[];
}

export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
  readonly kind: "output" | "aux" | "tap";
}

/** A node of this primitive, with its attributes typed. */
export const isNode = <A>(node: Node, primitive: Primitive<A>): node is Node<A> =>
  node.primitive.name === primitive.name;

/** The parameters of a graph in first-use order, prepared tensors followed to their sources. */
export function parametersOf({ nodes }: Pick<Graph, "nodes">): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  // Two results of one step have the same sources.
  const steps = new Set<PrepareStep>();
  const visit = (tensor: Tensor): void => {
    if (tensor.kind === "parameter") found.set(tensor.name, tensor);
    else if (!steps.has(tensor.step)) {
      steps.add(tensor.step);
      prepareInputs(tensor.step).forEach(visit);
    }
  };
  for (const node of nodes) Object.values(node.weights).forEach(visit);
  return [...found.values()];
}

/** The tensors a prepare step reads, absent ones left out. */
export function prepareInputs(step: PrepareStep): readonly Tensor[] {
  const inputs: readonly (Tensor | undefined)[] =
    step.kind === "concat-rows" ? step.inputs : Object.values(step.inputs);
  return inputs.filter((tensor) => tensor !== undefined);
}
