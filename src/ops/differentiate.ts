/**
 * How a primitive trains: the form that it takes in a training graph, and its derivatives, as nodes
 * that its own file appends. `autodiff` implements the builder and walks the graph.
 */
import type { BuildValue, Primitive } from "./primitive.js";

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
