/** What a graph that was read computes, in f64. */
import { evaluateGraph } from "../../../src/graph/evaluate.js";
import type { Value } from "../../../src/graph/value.js";
import { verifyGraph } from "../../../src/graph/verify.js";
import { relativeL2 } from "../../support/compare.js";
import type { Case } from "./cases.js";
import type { Imported } from "../../../src/import/imported.js";

/**
 * The numbers of its values for a batch.
 *
 * @throws for a graph that is not sound
 */
export async function numbersOf(
  { graph, weights }: Imported,
  inputs: ReadonlyMap<Value, ArrayLike<number>>,
  batch: number,
): Promise<(value: Value) => Float64Array> {
  const problems = verifyGraph(graph);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const numbers = new Map<string, Float64Array>();
  for (const [parameter, stored] of weights) {
    numbers.set(parameter.name, Float64Array.from(await stored.read()));
  }
  const given = new Map([...inputs].map(([value, data]) => [value, Float64Array.from(data)]));
  return evaluateGraph(graph, given, numbers, batch);
}

/** The largest relative difference of an output from what it should be. */
export async function difference(
  imported: Imported,
  { inputs, batch, outputs }: Pick<Case, "inputs" | "batch" | "outputs">,
): Promise<number> {
  const given = new Map(imported.graph.inputs.map((value, i) => [value, inputs[i]!]));
  const valueOf = await numbersOf(imported, given, batch);
  const all = imported.graph.outputs.map(({ name, value }) =>
    relativeL2(valueOf(value), outputs.get(name)!),
  );
  return Math.max(...all);
}

/** The outputs of one image. */
export async function computed(
  imported: Imported,
  inputs: readonly ArrayLike<number>[],
): Promise<Map<string, Float64Array>> {
  const given = new Map(imported.graph.inputs.map((value, i) => [value, inputs[i]!]));
  const valueOf = await numbersOf(imported, given, 1);
  return new Map(imported.graph.outputs.map(({ name, value }) => [name, valueOf(value)]));
}
