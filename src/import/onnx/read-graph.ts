import { damaged } from "../../checkpoints/damage.js";
import type { Graph, GraphOutput, Node } from "../../graph/graph.js";
import { operandsOf } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { begins } from "../../onnx/read.js";
import type { NoAttrs } from "../../ops/elementwise.js";
import { identity } from "../../ops/identity.js";
import { Call, type CallOf, type Reading, shownFlow } from "./call.js";
import type { Meaning } from "./meaning.js";
import { storedTensor } from "./constants/stored.js";
import { Tensor } from "./constants/tensor.js";
import type { FileNode, GraphFile, Port } from "./decode/model.js";
import { Flow } from "./flow/flow.js";
import { type Following, longestSequence, readSequence } from "./flow/sequence.js";
import { Formula, List } from "./meaning.js";
import { branchOf } from "./branch.js";
import { inputOf } from "./inputs.js";
import { needed } from "./names.js";
import { withAffineNorms } from "./norm-affine.js";
import { helpWith, unknownIn } from "./opset/definition.js";
import { isOfOnnx, readNode } from "./read-node.js";
import { Refusals } from "./refusals.js";
import { Uses } from "./uses.js";
import { wordless } from "./wordless.js";

export interface ReadGraph {
  readonly graph: Graph;
  /** Inputs of the file that no output hangs on. */
  readonly unused: readonly string[];
}

/** A network has some hundred thousand: those of norms, and what shapes are computed of. */
const mostNumbers = 1 << 24;

/** The graph that a file's is, node by node in the file's order. */
export class GraphReader {
  /** By name; what is not known any more came from something refused. */
  private readonly meanings = new Map<string, Meaning | "unknown">();
  private readonly refusals = new Refusals();
  private readonly inputs: Value[] = [];
  /** Nodes of formulas that are refused: several may have one. */
  private readonly refused = new Set<FileNode>();
  /** Nodes that were read together with one before. */
  private readonly done = new Set<FileNode>();

  /** How many numbers of short constants may still be known. */
  private left = mostNumbers;

  constructor(private readonly reading: Reading) {}

  private get name(): string {
    return this.reading.file.pages.name;
  }

  /** @throws InceptError `onnx/refused`, `onnx/input`, and of `weights/` what is wrong with constants */
  async read(graph: GraphFile): Promise<ReadGraph> {
    const { nodes, names } = needed(graph);
    this.initialize(graph);
    const pictures = graph.inputs.filter(({ name }) => !this.meanings.has(name));
    const unused = pictures.filter(({ name }) => !names.has(name)).map(({ name }) => name);
    for (const port of pictures) if (names.has(port.name)) this.flowIn(port);
    const uses = new Uses(nodes, graph);
    for (const node of nodes) if (!this.done.has(node)) await this.readNode(node, names, uses);
    const outputs = graph.outputs.map((port) => this.outputOf(port));
    if (!this.refusals.isEmpty) throw this.refusals.error(this.name);
    const known = outputs.filter((output) => output !== undefined);
    const kept = new Set(known.map(({ value }) => value));
    const { nodes: all, weights } = this.reading.builder;
    const made = withAffineNorms(living(all, known), weights, kept);
    return {
      graph: { name: graph.name, inputs: this.inputs, outputs: known, nodes: made, updates: [] },
      unused,
    };
  }

  private initialize({ initializers }: GraphFile): void {
    for (const stored of initializers) {
      this.meanings.set(stored.name, storedTensor(this.reading.file, stored, stored.name));
    }
  }

  private flowIn(port: Port): void {
    const flow = inputOf(this.name, port);
    this.reading.builder.claim(port.name);
    this.inputs.push(flow.value);
    this.meanings.set(port.name, flow);
  }

  private async readNode(node: FileNode, names: ReadonlySet<string>, uses: Uses): Promise<void> {
    const meanings = node.inputs.map((name) => this.meaningOf(name));
    const unknown = this.unknown(node);
    if (unknown !== undefined) {
      this.refusals.add(node, unknown, helpWith(this.reading.known));
      return this.give(node, []);
    }
    if (meanings.includes("unknown")) {
      const why = wordless(node, this.reading.opset);
      if (why !== undefined) this.refusals.add(node, why);
      return this.give(node, []);
    }
    const operands = meanings as CallOf["operands"];
    for (const operand of operands) await this.know(operand);
    const branch = branchOf(node, operands);
    if (branch !== undefined) return this.readInPlace(node, branch);
    const last = node.outputs.findLastIndex((name) => names.has(name));
    const results = node.opType === "Split" ? node.outputs.length : last + 1;
    const fill = await this.fillOf(node);
    const of = { ...this.reading, node, operands, fill, results };
    const mayBegin = isOfOnnx(node) && begins(node.opType);
    if (mayBegin && (await this.readTogether(of, uses))) return;
    const read = readNode(of);
    if ("refused" in read) this.refusals.add(node, read.refused);
    else if (read.length === 0) operands.forEach((operand) => this.refuseFormula(operand));
    this.give(node, "refused" in read ? [] : read);
  }

  /** What an operator means that is called alike in another domain is another matter. */
  private unknown(node: FileNode): string | undefined {
    const { opset, known } = this.reading;
    return isOfOnnx(node) ? unknownIn(opset, node.opType, known) : undefined;
  }

  /** A branch as if its nodes stood where its node does. What its names stand for nothing else reads. */
  private async readInPlace(node: FileNode, branch: GraphFile): Promise<void> {
    this.initialize(branch);
    const { nodes, names } = needed(branch);
    const uses = new Uses(nodes, branch);
    for (const inner of nodes) if (!this.done.has(inner)) await this.readNode(inner, names, uses);
    const results = branch.outputs.map(({ name }) => this.meanings.get(name) ?? "unknown");
    node.outputs.forEach((name, i) => this.meanings.set(name, results[i]!));
  }

  private async fillOf(node: FileNode): Promise<Tensor | undefined> {
    const value = node.attributes.get("value");
    if (node.opType !== "ConstantOfShape" || value?.kind !== "tensor") return undefined;
    const tensor = storedTensor(this.reading.file, value.value, node.outputs[0] ?? "");
    await tensor.know();
    return tensor;
  }

  private meaningOf(name: string): Meaning | "unknown" | undefined {
    return name === "" ? undefined : this.meanings.get(name);
  }

  /** Reads the values of a constant that is short. */
  private async know(operand: Meaning | "unknown" | undefined): Promise<void> {
    if (!(operand instanceof Tensor) || operand.numbers !== undefined) return;
    await operand.know();
    this.count(operand);
  }

  /** What is said to be a constant takes no more memory than a network's do. */
  private count(meaning: Meaning): void {
    if (meaning instanceof Tensor) this.left -= meaning.numbers?.length ?? 0;
    if (this.left < 0)
      throw damaged(this.name, `its short constants have over ${mostNumbers} numbers`);
  }

  /** Results that are not there are not known any more. */
  private give(node: FileNode, results: readonly Meaning[]): void {
    results.forEach((meaning) => this.count(meaning));
    node.outputs.forEach((name, i) => this.meanings.set(name, results[i] ?? "unknown"));
  }

  /** Whether the node and some behind it are one primitive. */
  private async readTogether(of: CallOf, uses: Uses): Promise<boolean> {
    if (!(of.operands[0] instanceof Flow)) return false;
    const behind = await this.behind(of.node, uses);
    const together = behind.length > 0 ? readSequence(new Call(of), behind) : undefined;
    if (together === undefined) return false;
    const nodes = behind.slice(0, together.nodes - 1).map(({ node }) => node);
    nodes.forEach((node) => this.done.add(node));
    this.give(nodes.at(-1)!, [together.flow]);
    return true;
  }

  /** The nodes that read one another's results alone, and besides only what is fixed. */
  private async behind(first: FileNode, uses: Uses): Promise<readonly Following[]> {
    const found: Following[] = [];
    let node = first;
    while (found.length < longestSequence - 1) {
      const next = uses.after(node);
      if (next?.outputs.length !== 1 || !isOfOnnx(next) || this.unknown(next)) break;
      const result = node.outputs[0]!;
      const operands = next.inputs.map((name) =>
        name === result ? "result" : this.meaningOf(name),
      );
      const isKnown = operands.every(
        (each) => each === "result" || each === undefined || each instanceof Tensor,
      );
      if (!isKnown || operands.some((each, i) => each === undefined && next.inputs[i] !== ""))
        break;
      for (const operand of operands) if (operand !== "result") await this.know(operand);
      found.push({ node: next, operands: operands });
      node = next;
    }
    return found;
  }

  /** Each node of it that is nothing by itself. */
  private refuseFormula(meaning: Meaning | undefined): void {
    if (!(meaning instanceof Formula)) return;
    for (const { node, why } of meaning.foreign) {
      if (!this.refused.has(node)) this.refusals.add(node, why);
      this.refused.add(node);
    }
  }

  private outputOf({ name }: Port): GraphOutput | undefined {
    const meaning = this.meanings.get(name);
    if (meaning === "unknown" || meaning === undefined) return undefined;
    if (meaning instanceof Formula) {
      this.refuseFormula(meaning);
      return undefined;
    }
    const about = { ...nothing, name: `output ${name}`, outputs: [name] };
    const value = meaning instanceof Flow ? this.reading.values.valueOf(meaning, about) : undefined;
    if (value === undefined) {
      const isList = meaning instanceof List ? "is a list of tensors" : "hangs on no input";
      const lies = meaning instanceof Flow ? `is ${shownFlow(meaning)}` : isList;
      const wanted = "here it is an image or a vector for each of a batch";
      this.refusals.add(about, `the output ${lies}; ${wanted}`);
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
