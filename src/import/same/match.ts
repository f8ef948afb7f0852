/** Operands of a node of the one graph, each with that of the other which stands for it. */
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { commutes, type Slot, slotsOf, type Structure } from "./structure.js";

export type Match = readonly [file: Value, spec: Value];

/**
 * By place; where that does not matter, by what they are and what becomes of them. Of those that are
 * alike in both, those go together that do elsewhere, and then as they stand.
 */
export function operandsMatched(
  [fileNode, specNode]: readonly [Node, Node],
  [file, spec]: readonly [Structure, Structure],
  known: ReadonlyMap<Value, Value>,
): readonly Match[] {
  if (!commutes(fileNode)) {
    return fileNode.inputs.map((value, i) => [value, specNode.inputs[i]!]);
  }
  const [left, right] = [ranked(fileNode, file), ranked(specNode, spec)];
  return together(left, right).flatMap(([ours, theirs]) => paired(ours, theirs, known));
}

interface Ranked extends Slot {
  readonly key: string;
}

/** Sorted by what they are first, so that both graphs' operands that are alike have one rank. */
const ranked = (node: Node, { up, down }: Structure): readonly Ranked[] =>
  slotsOf(node)
    .map((slot) => ({ ...slot, key: keyOf(slot, up, down) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

const keyOf = (
  { slot, value }: Slot,
  up: ReadonlyMap<Value, number>,
  down: ReadonlyMap<Value, number>,
): string => [slot, up.get(value)!, down.get(value)!].join(" ");

/** Stretches of equal keys on both sides; where the keys differ, one beside the other. */
function together(
  left: readonly Ranked[],
  right: readonly Ranked[],
): readonly (readonly [readonly Value[], readonly Value[]])[] {
  const stretches: [Value[], Value[]][] = [];
  left.forEach(({ key, value }, i) => {
    const other = right[i]!;
    const isSame = key === left[i - 1]?.key && other.key === right[i - 1]?.key;
    if (!isSame) stretches.push([[], []]);
    const last = stretches.at(-1)!;
    last[0].push(value);
    last[1].push(other.value);
  });
  return stretches;
}

function paired(
  ours: readonly Value[],
  theirs: readonly Value[],
  known: ReadonlyMap<Value, Value>,
): readonly Match[] {
  const left = new Map<Value, number>();
  for (const value of theirs) left.set(value, (left.get(value) ?? 0) + 1);
  const take = (value: Value | undefined): value is Value => {
    const count = value === undefined ? 0 : (left.get(value) ?? 0);
    if (count > 0) left.set(value!, count - 1);
    return count > 0;
  };
  const matches = ours.map((value) => {
    const partner = known.get(value);
    return [value, take(partner) ? partner : undefined] as const;
  });
  const others = theirs.filter(take).values();
  return matches.map(([value, partner]) => [value, partner ?? others.next().value!]);
}
