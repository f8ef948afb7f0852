/** What a graph that was read computes, in f64. */
import type { ImportedOnnx } from "../../../src/import/onnx/read-onnx.js";
import { verifyGraph } from "../../../src/graph/verify.js";
import { interpret } from "../../support/interpreter.js";

/** @throws for a graph that is not sound */
export async function computed(
  { graph, weights }: ImportedOnnx,
  inputs: readonly ArrayLike<number>[],
): Promise<Map<string, Float64Array>> {
  const problems = verifyGraph(graph);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const numbers = new Map<string, Float64Array>();
  for (const [parameter, stored] of weights) {
    numbers.set(parameter.name, Float64Array.from(await stored.read()));
  }
  return interpret(graph, inputs, numbers);
}
