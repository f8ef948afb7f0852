import { bug } from "../diagnostics/bug.js";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { dataType, encodeModel, type ValueInfoProto } from "./schema.js";
import { Writer } from "./writer.js";

/** The versions of ONNX's operators that a model can be written in. */
export const opsets = { oldest: 13, newest: 24, usual: 17 } as const;

/** The version of the format that each version of the operators came with. */
const irVersions: Readonly<Record<number, number>> = {
  ...{ 13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11, 24: 12 },
};

/** What a protocol buffer can hold. */
const maxBytes = 2 ** 31 - 1;

export interface OnnxOptions {
  /** From `opsets`; operators that came later are written as what they are made of. */
  readonly opset?: number;
  readonly producerVersion?: string;
  /** What the model is, for a person. */
  readonly doc?: string;
  /** What it says of where it came from, by name. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A network as an ONNX model with its weights inside: f32, the batch a free dimension `batch`,
 * inputs and outputs named as in the spec.
 *
 * @param graph the network as written, before passes.
 * @param weights every parameter of the graph by name, in C order.
 * @throws InceptError `weights/missing`, `weights/shape`, or `onnx/too-large` beyond 2 GiB.
 */
export function exportOnnx(
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array>,
  options: OnnxOptions = {},
): Uint8Array {
  const { opset = opsets.usual, producerVersion = "", doc = "", metadata = {} } = options;
  const writer = new Writer(weights, opset);
  for (const input of graph.inputs) writer.bind(input, input.name);
  const aliases = bindOutputs(graph, writer);
  for (const node of graph.nodes) node.primitive.onnx.write(writer.nodeOf(node), node.attrs);
  for (const { value, name } of aliases) {
    writer.node("Identity", [writer.name(value)], {}, name);
  }
  const bytes = writer.initializers.reduce((sum, tensor) => sum + tensor.rawData.length, 0);
  if (bytes > maxBytes) {
    throw new InceptError("onnx/too-large", `${graph.name} has ${bytes} bytes of weights.`, {
      help: "an ONNX file holds at most 2 GiB",
    });
  }
  return encodeModel({
    irVersion: irVersions[opset] ?? bug(`opset ${opset} is none that models are written in`),
    producerName: "inceptc",
    producerVersion,
    docString: doc,
    opsetImport: [{ domain: "", version: opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      node: writer.nodes,
      initializer: writer.initializers,
      input: graph.inputs.map((input) => port(input.name, input)),
      output: graph.outputs.map((output) => port(output.name, output.value)),
    },
  });
}

/** Gives the outputs' values the outputs' names; the rest (a second name, an input) are copies. */
function bindOutputs(graph: Graph, writer: Writer): { value: Value; name: string }[] {
  const bound = new Set(graph.inputs);
  for (const { name } of graph.outputs) writer.reserve(name);
  return graph.outputs.flatMap(({ name, value }) => {
    if (bound.has(value)) return [{ value, name }];
    bound.add(value);
    writer.bind(value, name);
    return [];
  });
}

const port = (name: string, { shape }: Value): ValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: dataType.float,
      shape: {
        dim: [{ dimParam: "batch" }, ...shape.map((dimValue) => ({ dimValue }))],
      },
    },
  },
});
