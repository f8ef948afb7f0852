/** A network as ncnn reads it: a text of layers, and their weights one after the other. */
import { type Graph, operandsOf, prepares, runNodes } from "../../graph/graph.js";
import { isParameter, type Value } from "../../graph/value.js";
import { bug } from "../../diagnostics/bug.js";
import type { Operand } from "../../ops/primitive.js";
import { fusing } from "../../passes/pipelines.js";
import type { TargetTraits } from "../../passes/pass.js";
import { runPasses } from "../../passes/run.js";
import { conv2d } from "../../ops/conv2d.js";
import { linear } from "../../ops/linear.js";
import { isFused } from "./activations.js";
import { Files, type NcnnNetwork } from "./files.js";
import { layersOf } from "./layers.js";

/**
 * With batchnorms folded and activations fused, as ncnn's own tool leaves a network.
 *
 * @param weights of every parameter of the graph, by name
 * @throws InceptError `bench/failed` for what ncnn has no layer for
 */
export function writeNcnn(written: Graph, weights: ReadonlyMap<string, Float32Array>): NcnnNetwork {
  const { graph } = runPasses(written, traits, fusing);
  const values = prepared(graph, weights);
  const files = new Files(graph);
  for (const node of runNodes(graph)) {
    const layers = layersOf(node, (role) => {
      const value = node.weights[role];
      return value && values.get(value);
    });
    files.add(layers, node);
  }
  return files.end();
}

const traits: TargetTraits = {
  name: "ncnn",
  mostSiblings: 1,
  carries: (primitive, epilogue) =>
    [conv2d.name, linear.name].includes(primitive) &&
    epilogue.kind === "activation" &&
    isFused(epilogue.activation),
};

/** What is made of the parameters, by the definitions: in f64, rounded once a node. */
function prepared(
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<Value, Float32Array> {
  const values = new Map<Value, Float32Array>();
  const read = (value: Value): Float32Array => {
    const known = values.get(value) ?? (isParameter(value) ? weights.get(value.name) : undefined);
    return known ?? bug(`nothing is known of ${value.name}`);
  };
  for (const node of graph.nodes) {
    for (const value of operandsOf(node)) if (isParameter(value)) values.set(value, read(value));
    if (!prepares(node)) continue;
    const operand = (value: Value): Operand => ({
      shape: value.shape,
      data: Float64Array.from(read(value)),
    });
    const roles = Object.entries(node.weights);
    const operands = {
      inputs: node.inputs.map(operand),
      weights: Object.fromEntries(roles.map(([role, value]) => [role, operand(value)] as const)),
    };
    const results = node.primitive.evaluate(operands, node.attrs, 1);
    node.outputs.forEach((value, i) => values.set(value, Float32Array.from(results[i]!)));
  }
  return values;
}
