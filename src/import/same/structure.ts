/**
 * What values are, as numbers: two values have one `up` where the same is computed from the inputs,
 * and one `down` where the same becomes of them. What weights hold does not count. Linear in the
 * size of the graphs.
 */
import { type Graph, type Node, isNode } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { add } from "../../ops/joins/add.js";
import { max } from "../../ops/joins/max.js";
import { mul } from "../../ops/joins/mul.js";

export interface Structure {
  readonly graph: Graph;
  readonly producers: ReadonlyMap<Value, Node>;
  readonly up: ReadonlyMap<Value, number>;
  readonly down: ReadonlyMap<Value, number>;
}

/** A number for each text, the same for all graphs that are numbered by it. */
export class Numbering {
  private readonly known = new Map<string, number>();

  of(text: string): number {
    const number = this.known.get(text) ?? this.known.size;
    this.known.set(text, number);
    return number;
  }
}

export function structureOf(graph: Graph, numbering: Numbering): Structure {
  const producers = new Map(graph.nodes.map((node) => [node.outputs[0]!, node]));
  const up = new Map<Value, number>();
  graph.inputs.forEach((value, i) =>
    up.set(value, numbering.of(`input ${i} ${value.shape.join()}`)),
  );
  for (const node of graph.nodes) {
    const operands = slotsOf(node).map(({ slot, value }) => `${slot}:${up.get(value)!}`);
    // Where the order matters, the slots tell it.
    const known = [doing(node), ...operands.sort()];
    up.set(node.outputs[0]!, numbering.of(`made ${known.join(" ")}`));
  }
  return { graph, producers, up, down: downOf(graph, up, numbering) };
}

function downOf(
  { nodes, outputs, inputs }: Graph,
  up: ReadonlyMap<Value, number>,
  numbering: Numbering,
): ReadonlyMap<Value, number> {
  const down = new Map<Value, number>();
  const uses = new Map<Value, string[]>();
  const use = (value: Value, how: string): void => {
    const list = uses.get(value);
    if (list === undefined) uses.set(value, [how]);
    else list.push(how);
  };
  outputs.forEach(({ value }, i) => use(value, `output ${i}`));
  const settle = (value: Value): number => {
    const number = numbering.of(`used ${(uses.get(value) ?? []).sort().join(" ")}`);
    down.set(value, number);
    return number;
  };
  for (const node of [...nodes].reverse()) {
    const [own] = node.outputs;
    const becomes = `${up.get(own!)!}:${settle(own!)}`;
    for (const { slot, value } of slotsOf(node)) use(value, `${slot}:${becomes}`);
  }
  inputs.forEach(settle);
  return down;
}

/** What a node does to its operands, its weights by their shapes alone. */
export function doing({ primitive, attrs, weights }: Node): string {
  const own = isAdd(primitive) ? {} : attrs;
  const roles = Object.entries(weights).map(([role, { shape }]) => `${role} ${shape.join()}`);
  return [primitive.name, sortedJson(own), ...roles.sort()].join(" ");
}

const isAdd = ({ name }: Node["primitive"]): boolean => name === add.name;

export const sortedJson = (attrs: unknown): string =>
  JSON.stringify(attrs, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** Whether it is all the same in which order the operands stand. */
export const commutes = (node: Node): boolean =>
  isNode(node, add) || isNode(node, mul) || isNode(node, max);

export interface Slot {
  /** What the node does to this operand: by its place, or by its factor. */
  readonly slot: string;
  readonly value: Value;
}

export const slotsOf = (node: Node): readonly Slot[] =>
  node.inputs.map((value, i) => ({
    slot: isNode(node, add) ? `${node.attrs.scales[i]!}` : commutes(node) ? "any" : `${i}`,
    value,
  }));
