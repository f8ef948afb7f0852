/**
 * A primitive in ONNX, in both directions. Here are numbers and names alone: the files and their
 * protocol buffers are the business of `onnx/`.
 */
import type { Shape } from "./shape.js";
import type { Pads } from "./window.js";

export interface OnnxForm<A> {
  /** Writes it as ONNX nodes, as it stands before any pass. */
  write(node: OnnxNode, attrs: A): void;
  /** By ONNX operator, of the default domain: what of such a node is this primitive. */
  readonly read: OnnxReaders<A>;
  /** Nodes one after the other that are this primitive together, where no node is alone. */
  readonly sequence?: OnnxSequence<A>;
}

/** Each node reads the result of the one before, and nobody else does; all else that it reads is fixed. */
export interface OnnxSequence<A> {
  /** Their operators, in order. */
  readonly operators: readonly string[];
  /** The roles are of the first node's operands; those of the others are numbers in attributes. */
  read(nodes: readonly StoredNode[]): OnnxReading<A> | OnnxRefusal;
}

/** `undefined` where the node is another primitive's, as an Add of a constant is not a join. */
export type OnnxReaders<A> = Readonly<
  Record<string, (node: StoredNode) => OnnxReading<A> | OnnxRefusal | undefined>
>;

/**
 * One node of an ONNX file. Where several make one primitive, a MatMul and the Add of its bias or a
 * Sigmoid and the Mul of a silu, each is read for what it is alone, which is right too. What is
 * nothing alone, as the table of a channel shuffle, is read as a sequence.
 */
export interface StoredNode {
  readonly opType: string;
  /** The version of ONNX's operators that the file asks for. */
  readonly opset: number;
  /** Numbers of any width, strings, and lists of numbers; others stand here as they come. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In ONNX's order; `undefined` where an optional one is left out. */
  readonly operands: readonly (StoredOperand | undefined)[];
  /** How many of its outputs are read; the first always counts. */
  readonly outputs: number;
}

export interface StoredOperand {
  /**
   * Every dimension, of what flows the batch too. A dimension that the file leaves open is
   * `undefined`, and so is the shape where it says nothing.
   */
  readonly shape: readonly (number | undefined)[] | undefined;
  /** In C order; there where it is an initializer or a constant, absent where it flows. */
  readonly values?: ArrayLike<number>;
  /** Of a constant whose values nobody has read: it may be a weight, of which its shape says all. */
  readonly unread?: true;
}

export interface OnnxReading<A> {
  readonly attrs: A;
  /** Of each of the node's operands, in its order; `undefined` for one that is left out. */
  readonly roles: readonly (OnnxRole | undefined)[];
  /** What it gives is flattened: a mean over the plane that drops the plane, say. */
  readonly flattened?: true;
}

/** An operand of the primitive, in order; a number that stands in its attributes now; a weight. */
export type OnnxRole = "input" | "attribute" | OnnxWeight;

/**
 * The weight of role `weight` is the operand in C order, transposed or flattened and then multiplied
 * so.
 */
export interface OnnxWeight {
  readonly weight: string;
  /** Rows become columns. */
  readonly transposed?: true;
  /** Its dimensions of 1, by which it is spread, are left out. */
  readonly flattened?: true;
  readonly factor?: number;
}

/** What of the node this language has no word for: a sentence without its full stop. */
export interface OnnxRefusal {
  readonly refused: string;
}

/** An attribute is an integer, a list of integers, `{ text }`, or `{ float }`: JavaScript cannot tell 1 from 1.0. */
export type OnnxAttributes = Readonly<
  Record<
    string,
    number | readonly number[] | { readonly float: number } | { readonly text: string }
  >
>;

/** A node of the graph that is being written; values and constants go by their ONNX names. */
export interface OnnxNode {
  /** The version of ONNX's operators that the file asks for; younger ones it does not know. */
  readonly opset: number;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly output: { readonly shape: Shape };
  /**
   * The initializer of a weight; `undefined` where the node has no such role.
   *
   * @param spread its shape, where it has dimensions of 1 besides its own
   */
  weight(role: string, spread?: Shape): string | undefined;
  /** Adds a constant and returns its name. */
  constant(hint: string, shape: Shape, values: Float32Array): string;
  /** The same of a list of integers. */
  integers(hint: string, values: readonly number[]): string;
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

/** Why what passes made of a graph is not written. */
export const beforeFusing = "an ONNX file is written from the graph before passes fuse and merge";
