/** What a primitive may do to write itself as ONNX; `onnx/writer.ts` implements it. */
import type { Shape } from "./shape.js";
import type { Pads } from "./window.js";

/** An attribute is an integer, a list of integers, or `{ float }`: JavaScript cannot tell 1 from 1.0. */
export type OnnxAttributes = Readonly<
  Record<string, number | readonly number[] | { readonly float: number }>
>;

/** A node of the graph that is being written; values and constants go by their ONNX names. */
export interface OnnxNode {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly output: { readonly shape: Shape };
  /** The initializer of a weight; `undefined` where the node has no such role. */
  weight(role: string): string | undefined;
  /** Adds a constant and returns its name. */
  constant(hint: string, shape: Shape, values: Float32Array): string;
  /** Appends an ONNX node whose output only the following ones read, and returns its name. */
  add(opType: string, inputs: readonly string[], attributes?: OnnxAttributes): string;
  /** Appends the last node: its output is the graph node's own. */
  finish(opType: string, inputs: readonly string[], attributes?: OnnxAttributes): void;
}

/** The names of the weights that the node has, after its input. */
export const withWeights = (
  node: OnnxNode,
  input: string,
  ...roles: readonly string[]
): readonly string[] => [
  input,
  ...roles.map((role) => node.weight(role)).filter((name) => name !== undefined),
];

/** One ONNX operator that takes all the operands. */
export const oneNode =
  (opType: string, attributes: OnnxAttributes = {}) =>
  (node: OnnxNode): void =>
    node.finish(
      opType,
      node.inputs.map(({ name }) => name),
      attributes,
    );

/** ONNX's order: the starts of both axes, then their ends. */
export const onnxPads = ({ top, left, bottom, right }: Pads): readonly number[] => [
  top,
  left,
  bottom,
  right,
];
