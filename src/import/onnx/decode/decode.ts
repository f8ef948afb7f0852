import { damaged } from "../../../checkpoints/damage.js";
import type { Pages } from "../../../checkpoints/pages.js";
import { integerOf } from "../../../checkpoints/protobuf/values.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";
import { Fields } from "./fields.js";
import { emptyGraph, readGraph } from "./graph.js";
import type { ModelFile } from "./model.js";

/**
 * A `ModelProto` but for the values of its tensors.
 *
 * @throws InceptError `weights/damaged`, `weights/truncated`
 */
export async function decodeModel(pages: Pages): Promise<ModelFile> {
  const fields = new Fields(pages);
  const opsets = new Map<string, number>();
  const graph = emptyGraph();
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
