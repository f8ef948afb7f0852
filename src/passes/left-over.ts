import type { Graph } from "../graph/graph.js";
import { rewrite } from "../graph/rewrite.js";
import { unusedValues } from "../graph/verify.js";

/** Without the nodes of an earlier graph that nothing needs any more, though something did there. */
export function withoutLeftOver(graph: Graph, earlier: Graph): Graph {
  const [unused, already] = [unusedValues(graph), unusedValues(earlier)];
  const needed = new Set(earlier.nodes.flatMap(({ outputs }) => outputs));
  for (const value of already) needed.delete(value);
  const left = graph.nodes.filter(({ outputs }) =>
    outputs.every((value) => unused.has(value) && needed.has(value)),
  );
  return rewrite(graph, { nodes: new Map(left.map((node) => [node, []])) });
}
