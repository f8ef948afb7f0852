/**
 * What a spec has to say of a graph: its values in an order that respects every use, without those
 * that only pass on what is there, and without what no output needs.
 */
import type { Node } from "../../graph/graph.js";
import type { Shape } from "../../ops/shape.js";
import type { Value } from "../../graph/value.js";
import { cleaned } from "./hints.js";
import type { Hint, Imported } from "../imported.js";

export interface Item {
  /** Absent for an input of the network. */
  readonly node?: Node;
  readonly shape: Shape;
  readonly operands: readonly number[];
  readonly hint: Hint;
}

export interface Flow {
  /** The inputs come first. */
  readonly items: readonly Item[];
  readonly inputs: readonly string[];
  /** In the order of the graph. */
  readonly outputs: readonly { readonly name: string; readonly item: number }[];
  /** Of each item, the items that read it, one entry a reading operand. */
  readonly readers: readonly (readonly number[])[];
}

export function flowOf({ graph, names }: Imported): Flow {
  const silent = silentValues(graph.nodes, new Set(graph.outputs.map(({ value }) => value)));
  const passed = new Map<Value, Value>();
  const meant = (value: Value): Value => passed.get(value) ?? value;
  for (const { inputs, outputs } of graph.nodes) {
    if (silent.has(outputs[0]!)) passed.set(outputs[0]!, meant(inputs[0]!));
  }
  const needed = new Set(graph.outputs.map(({ value }) => meant(value)));
  for (const { inputs, outputs } of [...graph.nodes].reverse()) {
    if (needed.has(outputs[0]!)) inputs.forEach((value) => needed.add(meant(value)));
  }
  const places = new Map<Value, number>();
  const items: Item[] = [];
  const add = (value: Value, item: Omit<Item, "shape" | "hint">): void => {
    places.set(value, items.length);
    items.push({ ...item, shape: value.shape, hint: cleaned(names.get(value) ?? []) });
  };
  graph.inputs.forEach((value) => add(value, { operands: [] }));
  for (const node of graph.nodes) {
    const value = node.outputs[0]!;
    if (!needed.has(value) || silent.has(value)) continue;
    add(value, { node, operands: node.inputs.map((input) => places.get(meant(input))!) });
  }
  return {
    items,
    inputs: graph.inputs.map(({ name }) => name),
    outputs: graph.outputs.map(({ name, value }) => ({ name, item: places.get(meant(value))! })),
    readers: readersOf(items),
  };
}

/** Results that are their operand, and vectors that linears would make themselves. */
function silentValues(nodes: readonly Node[], outputs: ReadonlySet<Value>): ReadonlySet<Value> {
  const silent = new Set<Value>();
  /** Values that nothing but linears read, with dropouts between. */
  const flattened = new Set<Value>();
  const read = new Set<Value>(outputs);
  for (const node of [...nodes].reverse()) {
    const [value, name] = [node.outputs[0]!, node.primitive.name];
    const flattens = flattened.has(value) && !read.has(value);
    const isSilent = name === "flatten" ? flattens : passesOn(node);
    if (isSilent) silent.add(value);
    const isOpen = name === "linear" || (flattens && (name === "dropout" || isSilent));
    node.inputs.forEach((input) => (isOpen ? flattened : read).add(input));
  }
  return silent;
}

/** Dropout says something of training. */
const passesOn = ({ primitive, attrs, inputs }: Node): boolean =>
  primitive.name !== "dropout" && primitive.passesOn?.(attrs, inputs.length) === true;

function readersOf(items: readonly Item[]): readonly (readonly number[])[] {
  const readers = items.map((): number[] => []);
  items.forEach(({ operands }, id) => operands.forEach((operand) => readers[operand]!.push(id)));
  return readers;
}
