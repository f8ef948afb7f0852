import type { Graph } from "../graph/graph.js";
import type { Activation } from "../ops/activations.js";

/** What passes ask of a target. */
export interface TargetTraits {
  readonly name: string;
  /** Those that its convolution applies before it stores. */
  readonly activations: readonly Activation[];
  /** Most outputs that one merged convolution may have. */
  readonly mostSiblings: number;
}

/** A rewrite that took place, by the steps of the spec that it touched. */
export interface Firing {
  readonly paths: readonly string[];
  /** `batchnorm folded into the convolution` */
  readonly what: string;
}

/** One that looked possible and was not. */
export interface Refusal {
  readonly paths: readonly string[];
  /** `the convolution's own value is returned` */
  readonly why: string;
}

export interface PassResult {
  readonly graph: Graph;
  readonly fired: readonly Firing[];
  readonly refused: readonly Refusal[];
}

export interface Pass {
  readonly name: string;
  run(graph: Graph, traits: TargetTraits): PassResult;
}
