/** An ONNX file as a graph of our primitives. */
import { dirname, join } from "node:path";
import type { ByteSource } from "../../checkpoints/bytes.js";
import { onnxModel } from "../../checkpoints/kinds.js";
import { opened } from "../../checkpoints/open.js";
import { Pages } from "../../checkpoints/pages.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { parametersOf } from "../../graph/graph.js";
import type { Imported } from "../imported.js";
import { decodeModel } from "./decode/decode.js";
import type { GraphFile } from "./decode/model.js";
import { Materialiser } from "./flow/materialise.js";
import { GraphBuilder } from "./graph-builder.js";
import { checkNames } from "./names.js";
import { type Known, knownToday } from "./opset/definition.js";
import { opsetOf } from "./opset/opset.js";
import { GraphReader } from "./read-graph.js";

export interface ImportedOnnx extends Imported {
  /** What wrote the file, and which version of it; both may be empty. */
  readonly producer: string;
  readonly producerVersion: string;
  /** The version of ONNX's operators. */
  readonly opset: number;
  /** Inputs of the file that no output hangs on: the graph does not have them. */
  readonly unusedInputs: readonly string[];
  /** The files beside it that hold weights of it. */
  readonly beside: readonly string[];
  /** The weights are read from the file until then. */
  close(): Promise<void>;
}

export interface ReadOptions {
  /** How messages name bytes in memory. */
  readonly name?: string;
  /** What is known of ONNX's operators, where that is not what is known today. */
  readonly known?: Known;
}

/**
 * Reads an ONNX file, or its bytes, which must not change while weights are read. What a node is that
 * no single primitive is, several are; constants are computed, and the weights stay where they are.
 *
 * @throws InceptError `onnx/refused` with all nodes that have no word here, `onnx/input`,
 *   `onnx/opset`, `weights/format`, `weights/damaged`, `weights/truncated`, `weights/unreadable`, and of `file/`
 */
export async function readOnnx(
  from: string | Uint8Array,
  { name = "the model", known = knownToday }: ReadOptions = {},
): Promise<ImportedOnnx> {
  return opened(from, onnxModel, { name }, (source, kind, path) => {
    if (kind === undefined || kind.what === onnxModel) return readSource(source, path, known);
    throw new InceptError("weights/format", `${source.name} is ${kind.what}, and no ONNX model.`, {
      help: "export the network as ONNX; where there is a spec, weights alone are read as they are",
    });
  });
}

function filesBeside(path: string, stored: GraphFile["initializers"]): readonly string[] {
  const named = stored.flatMap(({ external }) => external?.get("location") ?? []);
  return [...new Set(named)].map((name) => join(dirname(path), name));
}

async function readSource(
  source: ByteSource,
  path: string | undefined,
  known: Known,
): Promise<ImportedOnnx> {
  const pages = new Pages(source);
  const model = await decodeModel(pages);
  const opset = opsetOf(source.name, model);
  checkNames(source.name, model.graph);
  const builder = new GraphBuilder();
  const values = new Materialiser(builder);
  const reader = new GraphReader({ file: { pages, path }, opset, known, builder, values });
  const { graph, unused } = await reader.read(model.graph);
  const used = new Set(parametersOf(graph));
  return {
    graph,
    weights: new Map([...builder.weights].filter(([parameter]) => used.has(parameter))),
    names: builder.names,
    producer: model.producer,
    producerVersion: model.producerVersion,
    opset,
    unusedInputs: unused,
    beside: path === undefined ? [] : filesBeside(path, model.graph.initializers),
    close: () => source.close(),
  };
}
