/** What a rewrite of an imported network is, and what it may ask of the network around a node. */
import type { Node } from "../../graph/graph.js";
import type { Parameter, Value } from "../../graph/value.js";
import type { ParameterSpec } from "../../ops/operator.js";
import type { Primitive } from "../../ops/primitive.js";
import type { Range } from "../../ops/range.js";
import type { StoredWeight } from "../imported.js";

export interface Rule {
  readonly name: string;
  /** Begins a walk over the nodes, in their order: what it remembers of some is that walk's. */
  begin(): Rewrite;
}

/**
 * What computes the same in the place of a node, or nothing where the rule does not fit. The nodes
 * before it have been rewritten; those behind it have not.
 */
export type Rewrite = (node: Node, site: Site) => Instead | undefined;

/** A rule that looks at each node for itself. */
export const rule = (name: string, rewrite: Rewrite): Rule => ({ name, begin: () => rewrite });

export type Instead =
  /** An earlier value: the node goes. */
  | { readonly value: Value }
  | {
      /** The last of them makes the node's own value. What they leave unread goes by itself. */
      readonly nodes: readonly Node[];
      /** The numbers of parameters that are new, or are others now. */
      readonly weights?: ReadonlyMap<Parameter, StoredWeight>;
      /** Of values made here, those that the file's names of are now theirs. */
      readonly names?: ReadonlyMap<Value, Value>;
    };

/** The network as rewritten so far. */
export interface Site {
  /** What makes the value; nothing for an input, and for what is gone. */
  producer(value: Value): Node | undefined;
  /** Whether one operand of one node is all that needs the value. */
  isAlone(value: Value): boolean;
  /** How many operands and outputs need the value. */
  needs(value: Value): number;
  stored(parameter: Parameter): StoredWeight;
  range(value: Value): Range;
  /** A node of one result in the place of `like`, which gets a value and a name of its own. */
  node<A>(like: Node, primitive: Primitive<A>, inputs: readonly Value[], attrs: A): Node;
  /** A parameter of the node; `spec.suffix` is its role. */
  parameter(node: Node, spec: ParameterSpec): Parameter;
}

/** The node as another one, which makes the same value of other operands. */
export const instead = <A>(
  node: Node,
  primitive: Primitive<A>,
  inputs: readonly Value[],
  attrs: A,
  weights: Node["weights"] = {},
): Node => ({ ...node, primitive, attrs, inputs, weights });
