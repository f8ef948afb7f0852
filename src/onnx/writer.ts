import { InceptError } from "../diagnostics/incept-error.js";
import type { Node } from "../graph/graph.js";
import { isParameter, type Value } from "../graph/value.js";
import type { OnnxAttributes, OnnxNode } from "../ops/onnx.js";
import { elements, type Shape } from "../ops/shape.js";
import { attributeType, dataType, type AttributeProto } from "./schema.js";
import type { NodeProto, TensorProto } from "./schema.js";

/** Collects the nodes and initializers of an ONNX graph under names that never collide. */
export class Writer {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  private readonly taken = new Set<string>();
  private readonly values = new Map<Value, string>();
  private readonly parameters = new Map<string, string>();

  /** @param opset the version of ONNX's operators */
  constructor(
    private readonly weights: ReadonlyMap<string, Float32Array>,
    private readonly opset: number,
  ) {}

  /** Binds a value to a name that must stay as it is: the graph's inputs and outputs. */
  bind(value: Value, name: string): void {
    this.taken.add(name);
    this.values.set(value, name);
  }

  /** Keeps a name from being given to anything else. */
  reserve(name: string): void {
    this.taken.add(name);
  }

  /** The ONNX name of a graph value: its own where that is free. */
  name(value: Value): string {
    let name = this.values.get(value);
    if (name === undefined) {
      name = this.free(value.name);
      this.values.set(value, name);
    }
    return name;
  }

  /** Appends a node; the output is `output`, or a fresh name. Returns the output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    output: string = this.free(`${opType}_output`),
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    const name = `${opType}_${this.nodes.length}`;
    this.nodes.push({ opType, name, input: inputs, output: [output], attribute });
    return output;
  }

  /** Adds a constant and returns its name. */
  constant(hint: string, shape: Shape, values: Float32Array): string {
    const name = this.free(hint);
    const rawData = littleEndian(values);
    this.initializers.push({ name, dataType: dataType.float, dims: shape, rawData });
    return name;
  }

  /** Adds a list of integers and returns its name. */
  integers(hint: string, values: readonly number[]): string {
    const name = this.free(hint);
    const rawData = new Uint8Array(8 * values.length);
    const view = new DataView(rawData.buffer);
    values.forEach((value, i) => view.setBigInt64(8 * i, BigInt(value), true));
    this.initializers.push({ name, dataType: dataType.int64, dims: [values.length], rawData });
    return name;
  }

  /** A node of the graph for its primitive, which writes it. */
  nodeOf({ inputs, outputs, weights }: Node): OnnxNode {
    const output = outputs[0]!;
    return {
      opset: this.opset,
      inputs: inputs.map((value) => ({ name: this.name(value), shape: value.shape })),
      output,
      weight: (role, spread) => {
        const value = weights[role];
        return value === undefined ? undefined : this.parameter(value, spread);
      },
      constant: (hint, shape, values) => this.constant(hint, shape, values),
      integers: (hint, values) => this.integers(hint, values),
      add: (opType, operands, attributes) => this.node(opType, operands, attributes),
      finish: (opType, operands, attributes) => {
        this.node(opType, operands, attributes, this.name(output));
      },
    };
  }

  private parameter(tensor: Value, shape: Shape = tensor.shape): string {
    if (!isParameter(tensor)) {
      throw new RangeError(
        `${tensor.name} is prepared by a pass; an ONNX file is written from the graph before passes.`,
      );
    }
    const known = this.parameters.get(tensor.name);
    if (known !== undefined) return known;
    const values = this.weights.get(tensor.name);
    if (values?.length !== elements(tensor.shape)) throw missing(tensor.name, tensor.shape, values);
    const name = this.constant(tensor.name, shape, values);
    this.parameters.set(tensor.name, name);
    return name;
  }

  private free(hint: string): string {
    let name = hint;
    for (let i = 1; this.taken.has(name); i++) name = `${hint}_${i}`;
    this.taken.add(name);
    return name;
  }
}

function attributeOf(name: string, value: OnnxAttributes[string]): AttributeProto {
  if (typeof value === "number") return { name, type: attributeType.int, i: value };
  if ("float" in value) return { name, type: attributeType.float, f: value.float };
  if ("text" in value) return { name, type: attributeType.string, s: Buffer.from(value.text) };
  return { name, type: attributeType.ints, ints: value };
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes;
  return new Uint8Array(Buffer.from(bytes).swap32());
}

function missing(name: string, shape: Shape, values: Float32Array | undefined): InceptError {
  const wanted = `${elements(shape)} values (${shape.join(" x ")})`;
  return values === undefined
    ? new InceptError("weights/missing", `The weights lack ${name}, ${wanted}.`)
    : new InceptError(
        "weights/shape",
        `${name} holds ${values.length} values, expected ${wanted}.`,
      );
}
