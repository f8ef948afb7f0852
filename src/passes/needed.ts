import type { Graph } from "../graph/graph.js";
import { outputValues, readersOf } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";

/** Why a value must stay, which others are to be joined over; nothing where one node alone reads it. */
export type Needed = (value: Value, called: string) => string | undefined;

/** @returns for the graph as it is: `called` is what makes the value, in the words of the reason */
export function neededOf(graph: Graph): Needed {
  const readers = readersOf(graph);
  const outputs = outputValues(graph);
  return (value, called) => {
    if (outputs.has(value)) return `a run returns the ${called}'s own value`;
    const isShared = readers.get(value)!.length > 1;
    return isShared ? `the ${called}'s own value has other readers` : undefined;
  };
}
