import type { Node } from "../graph/graph.js";
import { add, concat, type AddAttrs, type ConcatAttrs } from "../ops/join.js";
import { operand, result, rule } from "./rule.js";
import type { Writer } from "./writer.js";

function writeConcat(writer: Writer, node: Node<ConcatAttrs>): void {
  const operands = node.inputs.map((value) => writer.name(value));
  writer.node("Concat", operands, { axis: 1 }, result(writer, node));
}

function writeAdd(writer: Writer, node: Node<AddAttrs>): void {
  const terms = node.attrs.scales.map((scale, i) => {
    const x = operand(writer, node, i);
    if (scale === 1) return x;
    return writer.node("Mul", [x, writer.constant("factor", [], Float32Array.of(scale))]);
  });
  writer.node("Sum", terms, {}, result(writer, node));
}

export const joinRules = [rule(concat, writeConcat), rule(add, writeAdd)];
