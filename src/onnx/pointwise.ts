import type { Node } from "../graph/graph.js";
import { dropout } from "../ops/dropout.js";
import { identity } from "../ops/identity.js";
import type { Primitive } from "../ops/primitive.js";
import { relu } from "../ops/relu.js";
import { scale, type ScaleAttrs } from "../ops/scale.js";
import type { Shape } from "../ops/shape.js";
import { sigmoid } from "../ops/sigmoid.js";
import { softmax } from "../ops/softmax.js";
import { tanh } from "../ops/tanh.js";
import { operand, result, rule, type Rule } from "./rule.js";
import type { Attributes, Writer } from "./writer.js";

const same = <A>(primitive: Primitive<A>, opType: string, attributes?: Attributes): Rule =>
  rule(primitive, (writer, node) => {
    writer.node(opType, [operand(writer, node)], attributes, result(writer, node));
  });

function writeScale(writer: Writer, node: Node<ScaleAttrs>): void {
  const { shape } = node.inputs[0]!;
  const factor = perChannel(writer, "scale", shape, node.attrs.scale);
  const shift = perChannel(writer, "shift", shape, node.attrs.shift);
  const scaled = writer.node("Mul", [operand(writer, node), factor]);
  writer.node("Add", [scaled, shift], {}, result(writer, node));
}

/** A constant that broadcasts over the batch and the plane. */
function perChannel(writer: Writer, hint: string, shape: Shape, values: readonly number[]): string {
  const broadcast = [1, values.length, ...shape.slice(1).map(() => 1)];
  return writer.constant(hint, broadcast, Float32Array.from(values));
}

export const pointwiseRules = [
  same(relu, "Relu"),
  same(sigmoid, "Sigmoid"),
  same(tanh, "Tanh"),
  same(softmax, "Softmax", { axis: 1 }),
  same(dropout, "Identity"),
  same(identity, "Identity"),
  rule(scale, writeScale),
];
