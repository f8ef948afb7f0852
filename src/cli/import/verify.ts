/** Runs what was imported beside what it was imported from. */
import { relativeL2 } from "../../bench/relative-l2.js";
import { bug } from "../../diagnostics/bug.js";
import { evaluateGraph, type Numbers } from "../../graph/evaluate.js";
import type { Imported } from "../../import/imported.js";
import { elements } from "../../ops/shape.js";
import type { Model } from "../../runtime/model.js";

/** Of one output, what is between the compiled spec and the model's own nodes in f64. */
export interface Difference {
  readonly output: string;
  /** |ours - theirs| / |theirs|, of all its numbers together. */
  readonly relative: number;
}

/** Tens of layers in f32 against f64 differ by a tenth of it; another meaning of an attribute by far more. */
export const largest = 1e-4;

/**
 * Runs the compiled spec on random numbers, and the nodes of the file, as they stood there, in f64 by
 * the definitions of their operators.
 */
export async function differences(
  imported: Imported,
  model: Model,
): Promise<readonly Difference[]> {
  const { graph } = imported;
  const names = Object.keys(model.info.inputs);
  const given = graph.inputs.map(({ shape }, i) => noise(elements(shape), i + 1));
  const ours = await model.run(Object.fromEntries(names.map((name, i) => [name, given[i]!])));
  const inputs = new Map(graph.inputs.map((value, i) => [value, Float64Array.from(given[i]!)]));
  const theirs = evaluateGraph(graph, inputs, await numbersOf(imported), 1);
  const outputs = Object.keys(model.info.outputs);
  return graph.outputs.map(({ value }, i) => {
    const output = outputs[i] ?? bug("the spec has fewer outputs than the model");
    return { output, relative: relativeL2(ours[output]!, theirs(value)) };
  });
}

async function numbersOf({ weights }: Imported): Promise<ReadonlyMap<string, Numbers>> {
  const numbers = new Map<string, Numbers>();
  for (const [{ name }, stored] of weights) {
    numbers.set(name, Float64Array.from(await stored.read()));
  }
  return numbers;
}

/** Numbers from -1 to 1 that are the same each time (Lehmer's generator, Park and Miller 1988). */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}
