import type { Node } from "../../graph/graph.js";
import type { Plan } from "../../plan/plan.js";
import { field, type Maybe } from "../describe.js";
import { block } from "./blocks.js";

/** Where in its first block each result begins, of a node that has some in blocks that others lie in. */
export function lanesField({ placement, slices }: Plan, { outputs }: Pick<Node, "outputs">): Maybe {
  if (!outputs.some((value) => placement.apart.has(value))) return undefined;
  return field("lanes", ...outputs.map((value) => (slices.get(value)?.channel ?? 0) % block));
}
