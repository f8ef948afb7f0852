import { damaged } from "../../../checkpoints/damage.js";
import { isInitializer, readInitializer } from "../../../checkpoints/onnx/model.js";
import type { StoredTensor } from "../../../checkpoints/onnx/tensor.js";
import type { Pages } from "../../../checkpoints/pages.js";
import { integerOf } from "../../../checkpoints/protobuf/values.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";
import { Fields } from "./fields.js";
import type { FileNode, ModelFile, Port } from "./model.js";
import { readNode } from "./node.js";
import { readPort } from "./port.js";

type Draft = {
  name: string;
  nodes: FileNode[];
  initializers: StoredTensor[];
  inputs: Port[];
  outputs: Port[];
};

/**
 * A `ModelProto` but for the values of its tensors.
 *
 * @throws InceptError `weights/damaged`, `weights/truncated`
 */
export async function decodeModel(pages: Pages): Promise<ModelFile> {
  const fields = new Fields(pages);
  const opsets = new Map<string, number>();
  const graph: Draft = { name: "", nodes: [], initializers: [], inputs: [], outputs: [] };
  let [producer, producerVersion, hasGraph] = ["", "", false];
  for await (const field of fields.messages.fields({ begin: 0, end: pages.size }, "the file")) {
    switch (field.number) {
      case 2:
        producer = await fields.text(field, "the producer's name");
        break;
      case 3:
        producerVersion = await fields.text(field, "the producer's version");
        break;
      case 7:
        hasGraph = true;
        await readGraph(fields, field, graph);
        break;
      case 8:
        opsets.set(...(await readOpset(fields, field)));
        break;
    }
  }
  if (!hasGraph) throw damaged(pages.name, "it has no graph");
  return { producer, producerVersion, opsets, graph };
}

/** What comes in several messages is one, as protocol buffers have it. */
async function readGraph(fields: Fields, message: Field, graph: Draft): Promise<void> {
  const { nodes, initializers, inputs, outputs } = graph;
  for await (const field of fields.of(message, "the graph")) {
    if (isInitializer(field)) {
      fields.record();
      const { length } = initializers;
      initializers.push(await readInitializer(fields.messages, fields.pages, field, length));
      continue;
    }
    switch (field.number) {
      case 1:
        nodes.push(await readNode(fields, field, nodes.length));
        break;
      case 2:
        graph.name = await fields.text(field, "the graph's name");
        break;
      case 11:
        inputs.push(await readPort(fields, field, `input ${inputs.length + 1}`));
        break;
      case 12:
        outputs.push(await readPort(fields, field, `output ${outputs.length + 1}`));
        break;
    }
  }
}

/** An `OperatorSetIdProto`; ONNX's own domain has two names. */
async function readOpset(fields: Fields, message: Field): Promise<[string, number]> {
  let [domain, version] = ["", 0];
  for await (const field of fields.of(message, "the operators' version")) {
    if (field.number === 1) domain = await fields.text(field, "a domain of operators");
    if (field.number === 2)
      version = await integerOf(fields.pages, field, "a version of operators");
  }
  return [domain === "ai.onnx" ? "" : domain, version];
}
