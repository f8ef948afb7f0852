/** Graphs that nobody draws, made node by node. */
import type { Graph, Node } from "../../../src/graph/graph.js";
import { resultTypes } from "../../../src/graph/results.js";
import { inputValue, parameterValue, resultValue, type Value } from "../../../src/graph/value.js";
import { activationPrimitives } from "../../../src/ops/activations.js";
import { conv2d } from "../../../src/ops/conv2d.js";
import { add } from "../../../src/ops/joins/add.js";
import { concat } from "../../../src/ops/joins/concat.js";
import type { Primitive } from "../../../src/ops/primitive.js";
import { noPads } from "../../../src/ops/window.js";

export class Sketch {
  readonly input: Value = inputValue("image", [8, 4, 4]);
  private readonly nodes: Node[] = [];

  node<A>(primitive: Primitive<A>, inputs: readonly Value[], attrs: A): Value {
    const shapes = inputs.map(({ shape }) => shape);
    const name = `v${this.nodes.length}`;
    const weights = Object.fromEntries(
      Object.entries(primitive.weights(shapes, attrs)).map(([role, shape]) => [
        role,
        parameterValue({ name: `${name}.${role}`, suffix: role, shape, role: "weight", fanIn: 1 }),
      ]),
    );
    const [type] = resultTypes(primitive, inputs, Object.values(weights), attrs);
    const value = resultValue(name, type!);
    const origin = {
      paths: [name],
      span: { source: { path: "", text: "" }, start: 0, end: 0 },
      frames: [],
    };
    this.nodes.push({ primitive, attrs, inputs, outputs: [value], weights, origin });
    return value;
  }

  conv(x: Value, channels = 8): Value {
    const window = { kernel: [1, 1], stride: [1, 1], pads: noPads, dilation: [1, 1] } as const;
    const attrs = { ...window, channels, groups: 1, bias: true };
    return this.node(conv2d, [x], { ...attrs, activation: "none", split: [channels] });
  }

  relu(x: Value): Value {
    return this.node(activationPrimitives.relu, [x], {});
  }

  sum(...terms: readonly Value[]): Value {
    return this.node(add, terms, { scales: terms.map(() => 1) });
  }

  beside(...parts: readonly Value[]): Value {
    return this.node(concat, parts, {});
  }

  graph(...outputs: readonly Value[]): Graph {
    return {
      name: "Sketch",
      inputs: [this.input],
      outputs: outputs.map((value, i) => ({ name: `o${i}`, value, kind: "output" as const })),
      nodes: this.nodes,
      updates: [],
    };
  }
}
