import type { Graph, Node } from "../../src/graph/graph.js";
import { resultTypes } from "../../src/graph/results.js";
import { inputValue, parameterValue, resultValue } from "../../src/graph/value.js";
import type { Primitive } from "../../src/ops/primitive.js";
import { elements, type Shape } from "../../src/ops/shape.js";
import type { Random } from "../support/random.js";

const span = { source: { path: "test", text: "" }, start: 0, end: 0 };

/** The graph `x -> primitive -> y`, `x` fed to every operand. */
export function oneNode<A>(primitive: Primitive<A>, attrs: A, shape: Shape, operands = 1): Graph {
  const input = inputValue("x", shape);
  const shapes = Array.from({ length: operands }, () => shape);
  const inputs = shapes.map(() => input);
  const types = resultTypes(primitive, inputs, [], attrs);
  const outputs = types.map((type) => resultValue("y", type));
  const weights = Object.fromEntries(
    Object.entries(primitive.weights(shapes, attrs)).map(([role, weight]) => [
      role,
      parameterValue({ name: `op.${role}`, suffix: role, shape: weight, role: "weight", fanIn: 0 }),
    ]),
  );
  const node: Node = {
    primitive: primitive,
    attrs,
    inputs,
    outputs,
    weights,
    origin: { paths: ["y"], span, frames: [] },
  };
  return {
    name: "test",
    inputs: [input],
    nodes: [node],
    updates: [],
    outputs: outputs.map((value) => ({ name: value.name, value, kind: "output" })),
  };
}

/** Values in (-1, 1) for every weight; variances in (0.5, 1.5). */
export function randomWeights(graph: Graph, random: Random): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const node of graph.nodes) {
    for (const [role, { name, shape }] of Object.entries(node.weights)) {
      const range = role === "running_var" ? [0.5, 1.5] : [-1, 1];
      weights.set(name, random.floats(elements(shape), range[0], range[1]));
    }
  }
  return weights;
}
