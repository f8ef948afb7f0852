/**
 * The messages of the ONNX format (onnx.proto, IR version 8) that a network needs, by their
 * published field numbers. Protocol buffers skip unknown fields, so leaving messages out is safe.
 */
import protobuf from "protobufjs/light.js";

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: "repeated", type, id });

const onnx = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        ModelProto: {
          fields: {
            irVersion: field("int64", 1),
            producerName: field("string", 2),
            producerVersion: field("string", 3),
            docString: field("string", 6),
            graph: field("GraphProto", 7),
            opsetImport: list("OperatorSetIdProto", 8),
            metadataProps: list("StringStringEntryProto", 14),
          },
        },
        StringStringEntryProto: {
          fields: { key: field("string", 1), value: field("string", 2) },
        },
        OperatorSetIdProto: {
          fields: { domain: field("string", 1), version: field("int64", 2) },
        },
        GraphProto: {
          fields: {
            node: list("NodeProto", 1),
            name: field("string", 2),
            initializer: list("TensorProto", 5),
            input: list("ValueInfoProto", 11),
            output: list("ValueInfoProto", 12),
          },
        },
        NodeProto: {
          fields: {
            input: list("string", 1),
            output: list("string", 2),
            name: field("string", 3),
            opType: field("string", 4),
            attribute: list("AttributeProto", 5),
          },
        },
        AttributeProto: {
          fields: {
            name: field("string", 1),
            f: field("float", 2),
            i: field("int64", 3),
            s: field("bytes", 4),
            ints: list("int64", 8),
            type: field("int32", 20),
          },
        },
        TensorProto: {
          fields: {
            dims: list("int64", 1),
            dataType: field("int32", 2),
            name: field("string", 8),
            rawData: field("bytes", 9),
          },
        },
        ValueInfoProto: {
          fields: { name: field("string", 1), type: field("TypeProto", 2) },
        },
        TypeProto: { fields: { tensorType: field("TensorTypeProto", 1) } },
        TensorTypeProto: {
          fields: { elemType: field("int32", 1), shape: field("TensorShapeProto", 2) },
        },
        TensorShapeProto: { fields: { dim: list("DimensionProto", 1) } },
        DimensionProto: {
          fields: { dimValue: field("int64", 1), dimParam: field("string", 2) },
        },
      },
    },
  },
});

export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface NodeProto {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

export interface AttributeProto {
  readonly name: string;
  /** Of `attributeType`; says which of the others holds the value. */
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  /** UTF-8. */
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

export const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface TensorProto {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** Little endian. */
  readonly rawData: Uint8Array;
}

/** TensorProto.DataType and TypeProto.Tensor.elem_type. */
export const dataType = { float: 1, int64: 7, bool: 9 } as const;

export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly DimensionProto[] };
    };
  };
}

export type DimensionProto = { readonly dimValue: number } | { readonly dimParam: string };

/** The bytes of an .onnx file. */
export function encodeModel(model: ModelProto): Uint8Array {
  const type = onnx.lookupType("onnx.ModelProto");
  return type.encode(type.fromObject(model)).finish();
}
