import { damaged } from "../../../checkpoints/damage.js";
import { isInitializer, readInitializer } from "../../../checkpoints/onnx/model.js";
import type { StoredTensor } from "../../../checkpoints/onnx/tensor.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";
import type { Fields } from "./fields.js";
import type { Branches, FileNode, GraphFile, Port } from "./model.js";
import { readNode } from "./node.js";
import { readPort } from "./port.js";

interface Draft {
  name: string;
  nodes: FileNode[];
  initializers: StoredTensor[];
  inputs: Port[];
  outputs: Port[];
}

export const emptyGraph = (): Draft => ({
  name: "",
  nodes: [],
  initializers: [],
  inputs: [],
  outputs: [],
});

/** Graphs inside nodes of one another: networks have two or three. */
const mostNested = 8;

/**
 * A `GraphProto`. What comes in several messages is one, as protocol buffers have it.
 *
 * @param depth of how many nodes it is inside
 */
export async function readGraph(
  fields: Fields,
  message: Field,
  graph: Draft,
  depth = 0,
): Promise<void> {
  const { nodes, initializers, inputs, outputs } = graph;
  for await (const field of fields.of(message, "the graph")) {
    if (isInitializer(field)) {
      fields.record();
      const { length } = initializers;
      initializers.push(await readInitializer(fields.messages, fields.pages, field, length));
      continue;
    }
    switch (field.number) {
      case 1: {
        const node = await readNode(fields, field, nodes.length);
        nodes.push(isIf(node) ? await withBranches(fields, node, depth) : node);
        break;
      }
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

/** One of ONNX's own, with nothing said beside its branches. */
const isIf = ({ opType, domain, attributes }: FileNode): boolean =>
  opType === "If" && (domain === "" || domain === "ai.onnx") && attributes.size === 2;

/** An If with what it computes either way; where it does not have both, as it is. */
async function withBranches(fields: Fields, node: FileNode, depth: number): Promise<FileNode> {
  const read = async (name: string): Promise<GraphFile | undefined> => {
    const attribute = node.attributes.get(name);
    if (attribute?.kind !== "graph" || attribute.message === undefined) return undefined;
    const graph = emptyGraph();
    await readGraph(fields, attribute.message, graph, depth + 1);
    return graph;
  };
  if (depth === mostNested)
    throw damaged(fields.name, `its graphs are inside one another over ${mostNested} deep`);
  const [whenTrue, whenFalse] = [await read("then_branch"), await read("else_branch")];
  const branches: Branches | undefined = whenTrue && whenFalse && { whenTrue, whenFalse };
  return branches === undefined ? node : { ...node, branches };
}
