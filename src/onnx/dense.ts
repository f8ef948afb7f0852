import type { Node } from "../graph/graph.js";
import { flatten } from "../ops/flatten.js";
import { linear, type LinearAttrs } from "../ops/linear.js";
import { isImage } from "../ops/shape.js";
import { operand, result, rule } from "./rule.js";
import type { Writer } from "./writer.js";

function writeLinear(writer: Writer, node: Node<LinearAttrs>): void {
  const image = isImage(node.inputs[0]!.shape);
  const x = operand(writer, node);
  const vector = image ? writer.node("Flatten", [x], { axis: 1 }) : x;
  const weights = ["weight", "bias"].map((role) => writer.weight(node, role));
  const inputs = [vector, ...weights.filter((name) => name !== undefined)];
  writer.node("Gemm", inputs, { transB: 1 }, result(writer, node));
}

export const denseRules = [
  rule(linear, writeLinear),
  rule(flatten, (writer, node) => {
    writer.node("Flatten", [operand(writer, node)], { axis: 1 }, result(writer, node));
  }),
];
