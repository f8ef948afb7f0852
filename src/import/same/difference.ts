/** Where two graphs that are not the same begin to differ, as a sentence with the places in both. */
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { formatShape } from "../../ops/shape.js";
import { words } from "../../ops/window.js";
import type { Match } from "./match.js";
import { commutes, doing, type Slot, slotsOf, sortedJson, type Structure } from "./structure.js";

/** From two values that are not made alike back to what is not. */
export function differenceBehind(
  [value, other]: Match,
  structures: readonly [Structure, Structure],
): string {
  const [file, spec] = structures;
  for (let pair: Match = [value, other]; ;) {
    const nodes = [file.producers.get(pair[0]), spec.producers.get(pair[1])] as const;
    const [ours, theirs] = nodes;
    if (ours === undefined || theirs === undefined) return apart(pair, nodes);
    if (doing(ours) !== doing(theirs) || slots(ours) !== slots(theirs)) return apart(pair, nodes);
    const next = operandsApart([ours, theirs], structures);
    if (next === undefined) return apart(pair, nodes);
    pair = next;
  }
}

/** The first operands that are not made alike; in any order, those that have no equal. */
function operandsApart(
  [ours, theirs]: readonly [Node, Node],
  [file, spec]: readonly [Structure, Structure],
): Match | undefined {
  const made =
    ({ up }: Structure) =>
    (each: Slot) =>
      `${each.slot}:${up.get(each.value)!}`;
  const [left, right] = [slotsOf(ours).map(made(file)), slotsOf(theirs).map(made(spec))];
  const [here, there] = commutes(ours)
    ? [unmatched(left, right), unmatched(right, left)]
    : [left, right].map(() => left.findIndex((key, i) => key !== right[i]));
  const [value, other] = [ours.inputs[here!], theirs.inputs[there!]];
  return value && other && [value, other];
}

/** The place of the first that another list has not, or not so often. */
function unmatched(keys: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const key of others) left.set(key, (left.get(key) ?? 0) + 1);
  return keys.findIndex((key) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** How many operands there are, and what is done to each. */
const slots = (node: Node): string =>
  slotsOf(node)
    .map(({ slot }) => slot)
    .sort()
    .join();

function apart(
  [value, other]: Match,
  [ours, theirs]: readonly [Node | undefined, Node | undefined],
): string {
  const [left, right] = [described(value, ours), described(other, theirs)];
  const more = left === right ? attributesApart(ours, theirs) : undefined;
  const [own = left, its = right] = more ?? [];
  return `${value.name} is ${own} in the file, and ${other.name} is ${its} in the spec.`;
}

function described(value: Value, node: Node | undefined): string {
  const shape = formatShape(value.shape);
  if (node === undefined) return `the input ${shape}`;
  const { primitive, attrs, inputs } = node;
  const names = inputs.map((input) => input.name).join(", ");
  const of = inputs.length > 1 ? `of ${inputs.length} values` : `of ${names}`;
  return words(primitive.name, primitive.format(attrs), of, `(${shape})`);
}

/** What of two nodes' attributes their short form does not say. */
function attributesApart(
  ours: Node | undefined,
  theirs: Node | undefined,
): readonly [string, string] | undefined {
  const [a, b] = [ours, theirs].map((node) => (node?.attrs ?? {}) as Record<string, unknown>);
  const key = Object.keys({ ...a, ...b }).find(
    (name) => sortedJson(a![name]) !== sortedJson(b![name]),
  );
  if (key === undefined) return undefined;
  const said = (attrs: Record<string, unknown>): string =>
    `${ours!.primitive.name} with ${key} ${sortedJson(attrs[key]) ?? "left out"}`;
  return [said(a!), said(b!)];
}
