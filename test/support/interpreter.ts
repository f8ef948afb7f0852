/**
 * Runs a graph in plain double precision, prepare steps and all, by the primitives' definitions
 * alone: the judge of passes, with nothing in common with the native code. Values are dense C,H,W.
 */
import type { Graph, Tensor, Value } from "../../src/graph/graph.js";
import { conv2d } from "../../src/ops/conv.js";
import { linear } from "../../src/ops/linear.js";
import { prepare, type Weights } from "./prepare.js";

export type Numbers = Float64Array;

/**
 * The outputs by name, of one image.
 *
 * @param round what storing a number does to it: every value's, and the weights of convolutions and
 *   linears
 */
export function interpret(
  graph: Graph,
  input: ArrayLike<number>,
  weights: Weights,
  round: (x: number) => number = (x) => x,
): Map<string, Numbers> {
  const values = new Map<Value, Numbers>([[graph.input, Float64Array.from(input, round)]]);
  const cache = new Map<Tensor, Numbers>();
  for (const { primitive, attrs, ...node } of graph.nodes) {
    const multiplies = [conv2d, linear].some(({ name }) => primitive.name === name);
    const operands = {
      inputs: node.inputs.map((value) => ({ shape: value.shape, data: values.get(value)! })),
      weights: Object.fromEntries(
        Object.entries(node.weights).map(([role, tensor]) => {
          const numbers = prepare(tensor, weights, cache);
          return [role, { shape: tensor.shape, data: multiplies ? numbers.map(round) : numbers }];
        }),
      ),
    };
    const results = primitive.evaluate(operands, attrs, 1);
    for (const [i, output] of node.outputs.entries()) values.set(output, results[i]!.map(round));
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, values.get(value)!]));
}
