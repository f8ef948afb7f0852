import { InceptError } from "../diagnostics/incept-error.js";
import type { Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { dataType, encodeModel, type ValueInfoProto } from "./schema.js";
import { Writer } from "./writer.js";

/** Understood by every engine of the last years; the IR version is the one it came with. */
const opset = 17;
const irVersion = 8;

/** What a protocol buffer can hold. */
const maxBytes = 2 ** 31 - 1;

/**
 * A network as an ONNX model with its weights inside: f32, opset 17, the batch a free dimension
 * `batch`, inputs and outputs named as in the spec.
 *
 * @param graph the network as written, before passes.
 * @param weights every parameter of the graph by name, in C order.
 * @throws InceptError `weights/missing`, `weights/shape`, or `onnx/too-large` beyond 2 GiB.
 */
export function exportOnnx(
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array>,
  producerVersion = "",
): Uint8Array {
  const writer = new Writer(weights);
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
    irVersion,
    producerName: "inceptc",
    producerVersion,
    opsetImport: [{ domain: "", version: opset }],
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
