/**
 * An ONNX file as it stands there (onnx.proto): names, attributes, and where the values of its tensors
 * are. Nothing here knows what a node means.
 */
import type { StoredTensor } from "../../../checkpoints/onnx/tensor.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";

export interface ModelFile {
  readonly producer: string;
  readonly producerVersion: string;
  /** Versions of operators by domain; ONNX's own is "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: GraphFile;
}

export interface GraphFile {
  readonly name: string;
  readonly nodes: readonly FileNode[];
  readonly initializers: readonly StoredTensor[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export interface FileNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Names of values; "" for one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** The module that it comes from, outermost first, where PyTorch's exporter says so. */
  readonly scopes: readonly string[];
  /** Of an If. */
  readonly branches?: Branches;
}

/** They have no inputs, and read what there is around their node. */
export interface Branches {
  readonly whenTrue: GraphFile;
  readonly whenFalse: GraphFile;
}

/** `graph` stands for lists of subgraphs and for types as well, of which no message is held. */
export type Attribute =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "numbers"; readonly value: readonly number[] }
  | { readonly kind: "texts"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: StoredTensor }
  | { readonly kind: "graph"; readonly message: Field | undefined };

/** What goes in or comes out. */
export interface Port {
  readonly name: string;
  /** `TensorProto.DataType`; 0 for what is no tensor. */
  readonly type: number;
  /** A name or nothing stands for a dimension that is open; absent where no shape is said. */
  readonly dims: readonly (number | string)[] | undefined;
}
