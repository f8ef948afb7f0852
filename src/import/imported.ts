/**
 * A network as a file of another framework has it, in the primitives that operators build: what
 * readers of files give, what `normal/` brings into the form that specs are lowered to, and what
 * `raise/` writes as a spec.
 */
import type { Graph } from "../graph/graph.js";
import type { Parameter, Value } from "../graph/value.js";

export interface Imported {
  /**
   * Single results, f32, of extent image; no updates, and outputs of kind `output` alone. Every
   * parameter belongs to one node: what the file shares stands there as often as it is read.
   */
  readonly graph: Graph;
  readonly weights: ReadonlyMap<Parameter, StoredWeight>;
  /** What the file calls a value, where it says something of use. */
  readonly names: ReadonlyMap<Value, Hint>;
}

/** The numbers of a parameter, in C order, of its shape; they are read when they are asked for. */
export interface StoredWeight {
  /** As the file calls it, or what it was made of: messages name it so. */
  readonly name: string;
  read(): Promise<Float32Array>;
}

/**
 * Where a node stands in the network that the file was made of, from the outermost part to its own
 * name: `["inception3a", "branch2", "0", "conv"]`. As it stands in the file: any characters.
 */
export type Hint = readonly string[];
