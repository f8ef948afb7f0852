/** Writes a graph as ONNX nodes, node by node, and reads each of them again. */
import type { Graph, Node } from "../../src/graph/graph.js";
import { resultTypes } from "../../src/graph/results.js";
import { parameterValue, resultValue, type Parameter, type Value } from "../../src/graph/value.js";
import { readFirst, type ReadNode } from "../../src/onnx/read.js";
import {
  attributeType,
  dataType,
  type AttributeProto,
  type NodeProto,
} from "../../src/onnx/schema.js";
import { Writer } from "../../src/onnx/writer.js";
import type { OnnxWeight, StoredNode, StoredOperand } from "../../src/ops/onnx.js";

/** The numbers that a weight takes of its operand. */
export function weightOf(
  { transposed, flattened, factor = 1 }: OnnxWeight,
  { shape = [], values = [] }: StoredOperand,
): { shape: number[]; data: Float64Array } {
  const data = Float64Array.from(values, (value) => value * factor);
  const dims = flattened ? [data.length] : shape.map((d) => d!);
  if (transposed === undefined) return { shape: dims, data };
  const [rows = 0, columns = 0] = dims;
  return {
    shape: [columns, rows],
    data: data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!),
  };
}

export class ReadAgain {
  /** Of the weights of all nodes, by name. */
  readonly numbers = new Map<string, Float64Array>();
  private readonly writer: Writer;
  private readonly values = new Map<string, Value>();

  constructor(graph: Graph, weights: ReadonlyMap<string, Float32Array>) {
    this.writer = new Writer(weights, 17);
    graph.inputs.forEach((input) => this.bind(input));
  }

  /** The nodes that a node comes back as; `undefined` where one of them is nothing here. */
  node(node: Node): readonly Node[] | undefined {
    const first = this.writer.nodes.length;
    node.primitive.onnx.write(this.writer.nodeOf(node), node.attrs);
    const output = node.outputs[0]!;
    const nodes: Node[] = [];
    let rest = this.writer.nodes.slice(first);
    while (rest.length > 0) {
      const reading = readFirst(rest.map((proto) => this.stored(proto)));
      if ("refused" in reading) break;
      // Of several it is one that takes what the first does, and gives what the last does.
      const whole = { ...rest[reading.nodes - 1]!, input: rest[0]!.input };
      const isLast = whole.output[0] === this.writer.name(output);
      nodes.push(this.read(whole, reading, node.origin, isLast ? output : undefined));
      rest = rest.slice(reading.nodes);
    }
    this.bind(output);
    return nodes.at(-1)?.outputs[0] === output ? nodes : undefined;
  }

  private bind(value: Value): void {
    this.values.set(this.writer.name(value), value);
  }

  private stored({ opType, input, attribute }: NodeProto): StoredNode {
    const attributes = Object.fromEntries(attribute.map((each) => [each.name, valueOf(each)]));
    const operands = input.map((name) => (name === "" ? undefined : this.operand(name)));
    return { opType, opset: 17, attributes, operands, outputs: 1 };
  }

  private operand(name: string): StoredOperand {
    const value = this.values.get(name);
    if (value !== undefined) return { shape: [undefined, ...value.shape] };
    const found = this.writer.initializers.find((tensor) => tensor.name === name);
    // What flows from one of the nodes to the next, and is no value of the graph.
    if (found === undefined) return { shape: undefined };
    const { dims, rawData } = found;
    const { buffer, byteOffset, byteLength } = rawData;
    if (found.dataType === dataType.int64) {
      const values = Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
      return { shape: dims, values };
    }
    return { shape: dims, values: new Float32Array(buffer, byteOffset, byteLength / 4) };
  }

  /** @param output what it gives, where that is a value of the graph */
  private read(
    { input, output: [name = ""] }: NodeProto,
    { primitive, attrs, roles }: ReadNode,
    origin: Node["origin"],
    output: Value | undefined,
  ): Node {
    const inputs = roles.flatMap((role, i) =>
      role === "input" ? [this.values.get(input[i]!)!] : [],
    );
    const weights = roles.flatMap((role, i) =>
      typeof role === "object" ? [[role.weight, this.parameter(role, input[i]!)] as const] : [],
    );
    const [type] = resultTypes(primitive, inputs, [], attrs);
    const value = output ?? resultValue(name, type!);
    this.values.set(name, value);
    return {
      primitive,
      attrs,
      inputs,
      outputs: [value],
      weights: Object.fromEntries(weights),
      origin,
    };
  }

  private parameter(role: OnnxWeight, name: string): Parameter {
    const { shape, data } = weightOf(role, this.operand(name));
    this.numbers.set(name, data);
    return parameterValue({ name, suffix: name, shape, role: "weight", fanIn: 0 });
  }
}

/** As it is in a file: floats are f32. */
function valueOf({ type, i, f, s, ints }: AttributeProto): unknown {
  if (type === attributeType.string) return Buffer.from(s!).toString();
  if (type === attributeType.float) return Math.fround(f!);
  return type === attributeType.int ? i : ints;
}
