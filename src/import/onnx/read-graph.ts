import type { Graph, GraphOutput, Node } from "../../graph/graph.js";
import { operandsOf } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { NoAttrs } from "../../ops/elementwise.js";
import { identity } from "../../ops/identity.js";
import type { CallOf, Meaning, Reading } from "./call.js";
import { shownFlow } from "./call.js";
import { storedTensor } from "./constants/stored.js";
import { Tensor } from "./constants/tensor.js";
import type { FileNode, GraphFile, Port } from "./decode/model.js";
import { Flow } from "./flow/flow.js";
import { inputOf } from "./inputs.js";
import { needed } from "./names.js";
import { readNode } from "./read-node.js";
import { Refusals } from "./refusals.js";

export interface ReadGraph {
  readonly graph: Graph;
  /** Inputs of the file that no output hangs on. */
  readonly unused: readonly string[];
}

/** The graph that a file's is, node by node in the file's order. */
export class GraphReader {
  /** By name; what is not known any more came from something refused. */
  private readonly meanings = new Map<string, Meaning | "unknown">();
  private readonly refusals = new Refusals();
  private readonly inputs: Value[] = [];

  constructor(private readonly reading: Reading) {}

  private get name(): string {
    return this.reading.file.pages.name;
  }

  /** @throws InceptError `onnx/refused`, `onnx/input`, and of `weights/` what is wrong with constants */
  async read(graph: GraphFile): Promise<ReadGraph> {
    const { nodes, names } = needed(graph);
    for (const stored of graph.initializers) {
      this.meanings.set(stored.name, storedTensor(this.reading.file, stored, stored.name));
    }
    const pictures = graph.inputs.filter(({ name }) => !this.meanings.has(name));
    const unused = pictures.filter(({ name }) => !names.has(name)).map(({ name }) => name);
    for (const port of pictures) if (names.has(port.name)) this.flowIn(port);
    for (const node of nodes) await this.readNode(node, names);
    const outputs = graph.outputs.map((port) => this.outputOf(port));
    if (!this.refusals.isEmpty) throw this.refusals.error(this.name);
    const known = outputs.filter((output) => output !== undefined);
    const made = living(this.reading.builder.nodes, known);
    return {
      graph: { name: graph.name, inputs: this.inputs, outputs: known, nodes: made, updates: [] },
      unused,
    };
  }

  private flowIn(port: Port): void {
    const flow = inputOf(this.name, port);
    this.reading.builder.claim(port.name);
    this.inputs.push(flow.value);
    this.meanings.set(port.name, flow);
  }

  private async readNode(node: FileNode, names: ReadonlySet<string>): Promise<void> {
    const meanings = node.inputs.map((name) => (name === "" ? undefined : this.meanings.get(name)));
    if (!meanings.includes("unknown")) {
      const operands = meanings as CallOf["operands"];
      for (const operand of operands) if (operand instanceof Tensor) await operand.know();
      const last = node.outputs.findLastIndex((name) => names.has(name));
      const results = node.opType === "Split" ? node.outputs.length : last + 1;
      const read = readNode({ ...this.reading, node, operands, results });
      if (!("refused" in read)) {
        node.outputs.forEach((name, i) => this.meanings.set(name, read[i] ?? "unknown"));
        return;
      }
      this.refusals.add(node, read.refused);
    }
    for (const name of node.outputs) this.meanings.set(name, "unknown");
  }

  private outputOf({ name }: Port): GraphOutput | undefined {
    const meaning = this.meanings.get(name);
    if (meaning === "unknown" || meaning === undefined) return undefined;
    const about = { ...nothing, name: `output ${name}`, outputs: [name] };
    const value = meaning instanceof Flow ? this.reading.values.valueOf(meaning, about) : undefined;
    if (value === undefined) {
      const lies = meaning instanceof Flow ? `is ${shownFlow(meaning)}` : "hangs on no input";
      this.refusals.add(
        about,
        `the output ${lies}; here it is an image or a vector for each of a batch`,
      );
      return undefined;
    }
    const isInput = this.inputs.includes(value);
    const own = isInput ? this.reading.builder.node<NoAttrs>(identity, [value], {}, about) : value;
    return { name, value: own, kind: "output" };
  }
}

const nothing: FileNode = {
  name: "",
  opType: "",
  domain: "",
  inputs: [],
  outputs: [],
  attributes: new Map(),
  scopes: [],
};

/** The nodes that outputs hang on. */
function living(nodes: readonly Node[], outputs: readonly GraphOutput[]): readonly Node[] {
  const needs = new Set(outputs.map(({ value }) => value));
  const alive: Node[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((value) => needs.has(value))) continue;
    operandsOf(node).forEach((value) => needs.add(value));
    alive.push(node);
  }
  return alive.reverse();
}
