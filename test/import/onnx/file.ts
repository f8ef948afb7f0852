/** Small ONNX files, node by node. */
import {
  type AttributeProto,
  dataType,
  encodeModel,
  type ModelProto,
  type NodeProto,
} from "../../../src/onnx/schema.js";

export const node = (
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly AttributeProto[] = [],
): NodeProto => ({
  opType,
  name: `the ${opType}`,
  input,
  output: [output],
  attribute,
});

export const port = (name: string, ...dims: readonly (number | string)[]) => {
  const dim = dims.map((side) =>
    typeof side === "number" ? { dimValue: side } : { dimParam: side },
  );
  return { name, type: { tensorType: { elemType: dataType.float, shape: { dim } } } };
};

interface Of {
  readonly nodes: readonly NodeProto[];
  readonly input?: ReturnType<typeof port>;
  readonly output?: string;
  readonly opset?: ModelProto["opsetImport"];
  /** Constants of one number. */
  readonly numbers?: Readonly<Record<string, number>>;
}

export const file = ({
  nodes,
  input = port("x", "n", 3, 4, 4),
  output = "y",
  opset,
  numbers = {},
}: Of): Uint8Array =>
  encodeModel({
    irVersion: 8,
    producerName: "test",
    producerVersion: "",
    docString: "",
    metadataProps: [],
    opsetImport: opset ?? [{ domain: "", version: 17 }],
    graph: {
      name: "test",
      node: nodes,
      initializer: Object.entries(numbers).map(([name, number]) => ({
        ...{ name, dataType: dataType.float, dims: [] },
        rawData: new Uint8Array(Float32Array.of(number).buffer),
      })),
      input: [input],
      output: [port(output)],
    },
  });
