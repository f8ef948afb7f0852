/**
 * Runs a graph in plain double precision, preparation of weights and all, by the primitives'
 * definitions alone: the judge of passes, with nothing in common with the native code. Values are
 * dense, those of an image C,H,W.
 */
import { type Graph, operandsOf, prepares } from "../../src/graph/graph.js";
import { type Constant, isConstant, isParameter, type Value } from "../../src/graph/value.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { linear } from "../../src/ops/linear.js";
import type { Operand } from "../../src/ops/primitive.js";
import { elements } from "../../src/ops/shape.js";
import type { Weights } from "./weights.js";

export type Numbers = Float64Array;

const constantNumbers = ({ shape, numbers }: Constant): Numbers =>
  typeof numbers === "number"
    ? new Float64Array(elements(shape)).fill(numbers)
    : Float64Array.from(numbers);

/**
 * The outputs by name, of one image.
 *
 * @param input of the graph's only input, or each in the order of its inputs
 * @param round what storing a number does to it: every value's of a run, and the weights of
 *   convolutions and linears
 */
export function interpret(
  graph: Graph,
  input: ArrayLike<number> | readonly ArrayLike<number>[],
  weights: Weights,
  round: (x: number) => number = (x) => x,
): Map<string, Numbers> {
  const given = typeof input[0] === "number" ? [input as ArrayLike<number>] : input;
  const inputs = new Map(
    graph.inputs.map((value, i) => [
      value,
      Float64Array.from(given[i] as ArrayLike<number>, round),
    ]),
  );
  const numbersOf = evaluateGraph(graph, inputs, weights, 1, round);
  return new Map(graph.outputs.map(({ name, value }) => [name, numbersOf(value)]));
}

/** The numbers of every value of a graph, for a batch of `n`. */
export function evaluateGraph(
  graph: Graph,
  inputs: ReadonlyMap<Value, Numbers>,
  weights: Weights,
  n: number,
  round: (x: number) => number = (x) => x,
): (value: Value) => Numbers {
  const values = new Map(inputs);
  const numbersOf = (value: Value): Numbers => {
    if (isParameter(value)) return weights.get(value.name)!;
    if (isConstant(value)) return constantNumbers(value);
    return values.get(value)!;
  };
  const operand = (value: Value): Operand => ({ shape: value.shape, data: numbersOf(value) });
  for (const { primitive, attrs, ...node } of graph.nodes) {
    const multiplies = [conv2d, linear].some(({ name }) => primitive.name === name);
    const stored = ({ shape, data }: Operand): Operand => ({
      shape,
      data: multiplies ? data.map(round) : data,
    });
    const roles = Object.entries(node.weights).map(
      ([role, value]) => [role, stored(operand(value))] as const,
    );
    const operands = { inputs: node.inputs.map(operand), weights: Object.fromEntries(roles) };
    // What there is one of a run or a model is no batch.
    const images = operandsOf({ primitive, attrs, ...node }).some(
      ({ extent }) => extent === "image",
    );
    const results = primitive.evaluate(operands, attrs, images ? n : 1);
    const exact = prepares({ primitive, attrs, ...node });
    for (const [i, output] of node.outputs.entries()) {
      values.set(output, exact ? results[i]! : results[i]!.map(round));
    }
  }
  return numbersOf;
}
