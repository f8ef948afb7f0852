/**
 * Runs a graph in plain double precision, preparation of weights and all, by the primitives'
 * definitions alone: the judge of passes, of kernels and of what is imported, with nothing in common
 * with the native code. Values are dense, those of an image N,C,H,W or N,C.
 */
import { conv2d } from "../ops/conv2d.js";
import { linear } from "../ops/linear.js";
import type { Operand } from "../ops/primitive.js";
import { elements } from "../ops/shape.js";
import { type Graph, operandsOf, prepares } from "./graph.js";
import { type Constant, isConstant, isParameter, type Value } from "./value.js";

export type Numbers = Float64Array;

/** Of every parameter, by its name. */
export type NumbersByName = ReadonlyMap<string, Numbers>;

const constantNumbers = ({ shape, numbers }: Constant): Numbers =>
  typeof numbers === "number"
    ? new Float64Array(elements(shape)).fill(numbers)
    : Float64Array.from(numbers);

/**
 * The numbers of every value of a graph, for a batch of `n`.
 *
 * @param round what storing a number does to it: every value's of a run, and the weights of
 *   convolutions and linears
 */
export function evaluateGraph(
  graph: Graph,
  inputs: ReadonlyMap<Value, Numbers>,
  weights: NumbersByName,
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
