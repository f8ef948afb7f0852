/** Graphs written node by node, for tests of what works on graphs. */
import type { Graph, GraphOutput, Node, Origin } from "../../src/graph/graph.js";
import { resultTypes } from "../../src/graph/results.js";
import {
  inputValue,
  type Parameter,
  parameterValue,
  resultValue,
  type Value,
} from "../../src/graph/value.js";
import { batchNorm } from "../../src/ops/batchnorm.js";
import { conv2d, type ConvAttrs } from "../../src/ops/conv2d.js";
import { add } from "../../src/ops/joins/add.js";
import { concat } from "../../src/ops/joins/concat.js";
import type { Primitive } from "../../src/ops/primitive.js";
import type { Shape } from "../../src/ops/shape.js";

export const origin = (...paths: readonly string[]): Origin => ({
  paths,
  span: { source: { path: "test.incept", text: "" }, start: 0, end: 0 },
  frames: [],
});

const roles: Readonly<Record<string, Parameter["role"]>> = {
  weight: "weight",
  bias: "bias",
  running_mean: "running_mean",
  running_var: "running_var",
};

type ConvOptions = Partial<ConvAttrs> & { readonly size?: number };

function convAttrs(channels: number, { size = 1, ...attrs }: ConvOptions): ConvAttrs {
  const pad = (size - 1) / 2;
  return {
    kernel: [size, size],
    stride: [1, 1],
    pads: { top: pad, left: pad, bottom: pad, right: pad },
    dilation: [1, 1],
    groups: 1,
    channels,
    bias: true,
    activation: "none",
    split: [channels],
    ...attrs,
  };
}

/** Weights are parameters called `<node>.<role>`. */
export class GraphWriter {
  readonly input: Value;
  private readonly nodes: Node[] = [];
  private readonly outputs: GraphOutput[] = [];

  constructor(shape: Shape) {
    this.input = inputValue("image", shape);
  }

  node<A>(name: string, primitive: Primitive<A>, inputs: readonly Value[], attrs: A): Value {
    return this.results([name], primitive, inputs, attrs)[0]!;
  }

  /** All that a node gives, with a name each; its weights go by the first. */
  private results<A>(
    names: readonly [string, ...string[]],
    primitive: Primitive<A>,
    inputs: readonly Value[],
    attrs: A,
  ): readonly Value[] {
    const [name] = names;
    const shapes = inputs.map((input) => input.shape);
    const weights = Object.fromEntries(
      Object.entries(primitive.weights(shapes, attrs)).map(([role, shape]) => [
        role,
        parameter(`${name}.${role}`, role, shape),
      ]),
    );
    const types = resultTypes(primitive, inputs, Object.values(weights), attrs);
    const outputs = types.map((type, i) => resultValue(names[i]!, type));
    const paths = origin(...names);
    this.nodes.push({ primitive, attrs, inputs, outputs, weights, origin: paths });
    return outputs;
  }

  /** `same` padding, stride 1, bias, unless said otherwise. */
  conv(name: string, x: Value, channels: number, options: ConvOptions = {}): Value {
    return this.node(name, conv2d, [x], convAttrs(channels, options));
  }

  /** One 1x1 convolution whose channels are several values: `{ a: 4, b: 8 }`. */
  siblings<Name extends string>(
    x: Value,
    parts: Readonly<Record<Name, number>>,
  ): Readonly<Record<Name, Value>> {
    const split = Object.values<number>(parts);
    const channels = split.reduce((sum, count) => sum + count, 0);
    const names = Object.keys(parts) as [string, ...string[]];
    const values = this.results(names, conv2d, [x], convAttrs(channels, { split }));
    return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<Name, Value>;
  }

  batchNorm(name: string, x: Value, scale = true, shift = scale): Value {
    return this.node(name, batchNorm, [x], { eps: 1e-3, scale, shift, momentum: 0.1 });
  }

  concat(name: string, ...inputs: readonly Value[]): Value {
    return this.node(name, concat, inputs, {});
  }

  add(name: string, ...inputs: readonly Value[]): Value {
    return this.node(name, add, inputs, { scales: inputs.map(() => 1) });
  }

  output(value: Value, name = value.name): this {
    this.outputs.push({ name, value, kind: "output" });
    return this;
  }

  graph(): Graph {
    const { outputs, nodes } = this;
    return { name: "Test", inputs: [this.input], outputs, nodes, updates: [] };
  }
}

function parameter(name: string, role: string, shape: Shape): Parameter {
  const rank1 = shape.length === 1;
  const kind = rank1 && role === "weight" ? "gamma" : roles[role]!;
  const fanIn = kind === "weight" ? shape.slice(1).reduce((a, b) => a * b, 1) : 0;
  return parameterValue({ name, suffix: role, shape, role: kind, fanIn });
}
