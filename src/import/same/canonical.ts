import type { Graph } from "../../graph/graph.js";
import { dropIdentity } from "../../passes/drop-identity.js";
import { linearFlattens } from "../normal/linear-flattens.js";
import { mergeEqual } from "../normal/merge-equal.js";
import { applied } from "../normal/normalise.js";
import { poolForms } from "../normal/pool-forms.js";
import type { Rule } from "../normal/rule.js";
import { plainPools } from "./plain-pools.js";
import { scaledAdd } from "../normal/scaled-add.js";

/** What a text and a file may say in different words. */
const words: readonly Rule[] = [
  // A linear flattens by itself, whether or not the text says so before.
  linearFlattens,
  // `tf_same` never counts its padding, of which there may be none.
  poolForms,
  // A file may not hold that a pool rounds up where it makes no difference.
  plainPools,
  // Only a residual has a factor: elsewhere it is a step of its own.
  scaledAdd,
  // What is read at two places may be written at both.
  mergeEqual,
];

/** The graph with all that is the same to those who run it written in one way. */
export function canonical(graph: Graph): Graph {
  const { graph: answering } = dropIdentity.run(graph, noTarget);
  return applied({ graph: answering, weights: new Map(), names: new Map() }, words).graph;
}

/** The pass asks nothing of a target. */
const noTarget = { name: "none", carries: () => false, mostSiblings: 0 };
