import type { Node } from "../graph/graph.js";
import { batchNorm, type BatchNormAttrs } from "../ops/batchnorm.js";
import { lrn, type LrnAttrs } from "../ops/lrn.js";
import { channels } from "../ops/shape.js";
import { operand, result, rule } from "./rule.js";
import type { Writer } from "./writer.js";

function writeBatchNorm(writer: Writer, node: Node<BatchNormAttrs>): void {
  const count = channels(node.inputs[0]!.shape);
  const filled = (role: string, value: number): string =>
    writer.weight(node, role) ??
    writer.constant(role, [count], new Float32Array(count).fill(value));
  const inputs = [
    operand(writer, node),
    filled("weight", 1),
    filled("bias", 0),
    filled("running_mean", 0),
    filled("running_var", 1),
  ];
  const epsilon = { float: node.attrs.eps };
  writer.node("BatchNormalization", inputs, { epsilon }, result(writer, node));
}

/** ONNX divides alpha by the size too, and calls k `bias`. */
function writeLrn(writer: Writer, node: Node<LrnAttrs>): void {
  const { size, alpha, beta, k } = node.attrs;
  const attributes = { size, alpha: { float: alpha }, beta: { float: beta }, bias: { float: k } };
  writer.node("LRN", [operand(writer, node)], attributes, result(writer, node));
}

export const normalisationRules = [rule(batchNorm, writeBatchNorm), rule(lrn, writeLrn)];
