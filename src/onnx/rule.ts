import type { Node } from "../graph/graph.js";
import type { Primitive } from "../ops/primitive.js";
import type { Writer } from "./writer.js";

/** How one primitive becomes ONNX nodes; the last of them defines the node's outputs. */
export interface Rule {
  readonly primitive: string;
  write(writer: Writer, node: Node): void;
}

/** Ties a primitive to its writer and lets the writer see the attributes typed. */
export const rule = <A>(
  primitive: Primitive<A>,
  write: (writer: Writer, node: Node<A>) => void,
): Rule => ({ primitive: primitive.name, write: write });

/** The ONNX name of operand `index`. */
export const operand = (writer: Writer, node: Node, index = 0): string =>
  writer.name(node.inputs[index]!);

/** The ONNX name of the node's only output. */
export const result = (writer: Writer, node: Node): string => writer.name(node.outputs[0]!);
