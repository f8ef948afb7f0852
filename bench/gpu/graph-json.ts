/** A graph as written, before any pass, as plain data for a judge that knows nothing of us. */
import { parametersOf, type Graph, type Node } from "../../src/graph/graph.js";

/** The text of `graph.json`; `torch_graph.py` reads it. Shapes leave the batch out. */
export const graphJson = (graph: Graph): string =>
  `${JSON.stringify({
    name: graph.name,
    inputs: graph.inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: value.name })),
    parameters: parametersOf(graph).map(({ name, shape, role, fanIn }) => ({
      name,
      shape,
      role,
      fanIn,
    })),
    nodes: graph.nodes.map(nodeJson),
  })}\n`;

const nodeJson = (node: Node): object => ({
  path: node.origin.paths.join(" + "),
  primitive: node.primitive.name,
  attrs: node.attrs,
  inputs: node.inputs.map(({ name }) => name),
  outputs: node.outputs.map(({ name, shape }) => ({ name, shape })),
  weights: Object.fromEntries(
    Object.entries(node.weights).map(([role, value]) => [role, value.name]),
  ),
});
