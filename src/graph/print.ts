/**
 * A graph as named-wire text, one node a line, first those that prepare weights:
 *
 *     GoogLeNet (image : 3 x 224x224) -> prob
 *     conv_1.0 : 64 x 112x112 = conv 7x7/2 pad 3 relu (image) weight conv_1.0.weight bias …
 */
import { formatShape } from "../ops/shape.js";
import { type Graph, type Node, prepares } from "./graph.js";
import type { Value } from "./value.js";

export function printGraph(graph: Graph): string {
  const outputs = graph.outputs.map(({ name, value }) =>
    name === value.name ? name : `${name}: ${value.name}`,
  );
  const head = `${graph.name} (${graph.inputs.map(declare).join(", ")}) -> ${outputs.join(", ")}`;
  const updates = graph.updates.map(({ state, value }) => `${state.name} becomes ${value.name}`);
  return [head, ...graph.nodes.map(printNode), ...updates].join("\n") + "\n";
}

export function printNode(node: Node): string {
  const results = node.outputs.map(declare).join(", ");
  const attrs = node.primitive.format(node.attrs);
  const operation = attrs === "" ? node.primitive.name : `${node.primitive.name} ${attrs}`;
  const inputs =
    node.inputs.length === 0 ? "" : ` (${node.inputs.map(({ name }) => name).join(", ")})`;
  const weights = Object.entries(node.weights).map(([role, value]) => ` ${role} ${value.name}`);
  const line = `${results} = ${operation}${inputs}${weights.join("")}`;
  return prepares(node) ? `prepare ${line}` : line;
}

/** `image : 3 x 224x224`, and what is unusual about it: `taps : 64 x 55x55 u8`. */
const declare = ({ name, shape, dtype }: Value): string =>
  `${name} : ${formatShape(shape)}${dtype === "f32" ? "" : ` ${dtype}`}`;
