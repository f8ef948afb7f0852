/**
 * Brings an imported network into the form that specs are lowered to: what an exporter spread over
 * many nodes is one again. The network computes what it did, in real arithmetic; weights that
 * something was folded into are computed in f64 and rounded once.
 */
import { dropUnused } from "../../passes/drop-unused.js";
import type { Graph } from "../../graph/graph.js";
import type { Imported } from "../imported.js";
import type { Rule } from "./rule.js";
import { rules } from "./rules.js";
import { walk } from "./walk.js";

export const normalise = (imported: Imported): Imported => applied(imported, rules);

/**
 * A walk sees what stands before a node as it has become; what has gone behind it, another walk
 * sees. Networks need two or three, of which the last finds nothing.
 */
const mostWalks = 8;

export function applied(imported: Imported, list: readonly Rule[]): Imported {
  let so: Imported = { ...imported, graph: needed(imported.graph) };
  for (let i = 0; i < mostWalks; i++) {
    const { imported: next, fired } = walk(so, list);
    so = next;
    if (fired.size === 0) break;
  }
  return so;
}

/** Without what no output needs. */
const needed = (graph: Graph): Graph => dropUnused.run(graph, noTarget).graph;

/** The pass asks nothing of a target. */
const noTarget = { name: "none", carries: () => false, mostSiblings: 0 };
