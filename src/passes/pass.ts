import type { Graph, Node } from "../graph/graph.js";
import type { Epilogue } from "../ops/epilogue.js";

/** What passes ask of a target. */
export interface TargetTraits {
  readonly name: string;
  /** Whether a kernel of the primitive can do that before it stores. */
  carries(primitive: string, epilogue: Epilogue): boolean;
  /** Most outputs that one merged convolution may have. */
  readonly mostSiblings: number;
  /** Nanoseconds of the fastest way to compute the node; nothing where no kernel can. */
  estimate?(node: Node): number | undefined;
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
