import type { OnnxForm } from "./onnx.js";
import type { Range } from "./range.js";
import type { Shape } from "./shape.js";

/**
 * What a graph is made of: one computation with fixed attributes, shared by every target, and all
 * that rooms to the right need to know of it. An operator of the language builds one or more of
 * these; passes rewrite them. All shapes leave the batch out; images are C,H,W and vectors are N.
 */
export interface Primitive<A = unknown> {
  readonly name: string;
  /** Set where it takes any number of operands by position, or none; the others take one. */
  readonly operands?: "any" | "none";
  /**
   * What is wrong with operands or attributes that `infer` could make nothing of, as the rest of a
   * sentence: `joins 4 x 4x4 and 2 x 2x2`. Without it nothing can be.
   */
  misfit?(inputs: readonly Shape[], attrs: A): string | undefined;
  /** The outputs' shapes. Inputs are already known to fit; the verifier calls it again. */
  infer(inputs: readonly Shape[], attrs: A): readonly Shape[];
  /** One an output: what it is where not f32 of the widest extent among the operands. */
  results?(attrs: A): readonly Partial<Omit<ResultType, "shape">>[];
  /**
   * Operands that go by a role (`weight`, `bias`, `running_mean`, …) and their shapes, in loading
   * order.
   */
  weights(inputs: readonly Shape[], attrs: A): Readonly<Record<string, Shape>>;
  /** Multiply-adds for one image. */
  macs(inputs: readonly Shape[], attrs: A): number;
  /** The attributes as the graph print shows them: `3x3/2 pad 3 relu`. */
  format(attrs: A): string;
  /** Largest relative L2 difference to an independent engine in f32, at most 2e-6. */
  readonly tolerance: number;
  /** Whether kernels may store the result over an operand of its shape that nothing reads later. */
  readonly inPlace: boolean;
  /** Whether it gives its only operand as it is, at inference; without it, it never does. */
  passesOn?(attrs: A, operands: number): boolean;
  /** What is known of every output's numbers, from what is of the operands, of these shapes. */
  range(inputs: readonly Range[], attrs: A, shapes: readonly Shape[]): Range;
  /**
   * What it computes for a batch of `n`, by the definition alone and in f64: one array an output.
   * The judge of passes and of kernels.
   */
  evaluate(operands: Operands, attrs: A, n: number): readonly Float64Array[];
  /** What stands in its place in a training graph, where that gives or needs more. */
  training?(b: RuleBuilder, node: RuleNode<A>): readonly BuildValue[];
  /**
   * The derivatives of a loss by its operands; of its training form alone, where there is one.
   *
   * @param dys by each result; an absent one is zero, and one is there
   * @param wants which operands are asked for: others may be left out, and then cost nothing
   */
  gradient?(
    b: RuleBuilder,
    node: RuleNode<A>,
    dys: readonly (BuildValue | undefined)[],
    wants: Operandwise<boolean>,
  ): Gradients;
  /** How it is written as ONNX, and what of ONNX is read as it. */
  readonly onnx: OnnxForm<A>;
}

/**
 * How often there is one of a value, and how long it lives: as long as the weights, for a run, or
 * once for each image of it.
 */
export type Extent = "model" | "batch" | "image";

export type DType = "f32" | "i32" | "u8";

export interface ResultType {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly extent: Extent;
}

/** Dense numbers: of extent image those of a batch, N,C,H,W or N,C, and else one of that shape. */
export interface Operand {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export interface Operands {
  readonly inputs: readonly Operand[];
  /** By role; absent ones are not there. */
  readonly weights: Readonly<Record<string, Operand>>;
}

/** A value while a graph is being built; `graph` implements it. */
export interface BuildValue {
  readonly shape: Shape;
}

/**
 * What an operator's `build` may do. `graph/step-builder.ts` implements it and knows the step's place
 * and parameter path.
 */
export interface Builder {
  /**
   * Appends a node and returns its only output. `weights` maps each role of the primitive to a
   * suffix below the step's parameter path: `{ weight: "conv.weight" }`.
   */
  node<A>(
    primitive: Primitive<A>,
    inputs: readonly BuildValue[],
    attrs: A,
    weights?: Readonly<Record<string, string>>,
  ): BuildValue;
}

/** A node as the rules of its primitive see it. */
export interface RuleNode<A = unknown> {
  readonly attrs: A;
  readonly inputs: readonly BuildValue[];
  readonly weights: Readonly<Record<string, BuildValue>>;
  readonly outputs: readonly BuildValue[];
}

export interface RuleBuilder {
  /** Appends a node and returns its results. */
  nodes<A>(
    primitive: Primitive<A>,
    inputs: readonly BuildValue[],
    attrs: A,
    weights?: Readonly<Record<string, BuildValue>>,
  ): readonly BuildValue[];
  /** The same, for its first result. */
  node<A>(
    primitive: Primitive<A>,
    inputs: readonly BuildValue[],
    attrs: A,
    weights?: Readonly<Record<string, BuildValue>>,
  ): BuildValue;
  /** What the state becomes when a step ends. */
  update(state: BuildValue, value: BuildValue): void;
  /** What random numbers of a step are made of: two i32, of extent batch. */
  random(): BuildValue;
  /** A number that no other node of the graph gets: the stream of its random numbers. */
  stream(): number;
}

/** One entry an operand. */
export interface Operandwise<T> {
  readonly inputs: readonly T[];
  readonly weights: Readonly<Record<string, T>>;
}

/** By operand; an absent one is zero, or was not asked for. */
export type Gradients = Partial<Operandwise<BuildValue | undefined>>;
