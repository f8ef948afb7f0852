import type { NamedShape } from "../../checkpoints/named-shape.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { GivenTensor } from "./given.js";

export interface Missing extends NamedShape {
  /** An unused tensor of the same shape with a similar name. */
  readonly nearest?: string;
}

/** Two names are compared letter by letter: of a file with very many, not all pairs are. */
const mostComparisons = 50_000;

/** @param unclaimed tensors that no parameter has, by what they are called in the network */
export function withNearest(
  missing: readonly NamedShape[],
  unclaimed: readonly (readonly [name: string, tensors: readonly GivenTensor[]])[],
): readonly Missing[] {
  /** By shape: what a tensor is called in the network and in the checkpoint, and the latter. */
  const byShape = new Map<string, (readonly [called: string, tensor: string])[]>();
  for (const [called, tensors] of unclaimed) {
    for (const { name, shape } of tensors) {
      const alike = byShape.get(shape.join()) ?? [];
      alike.push([called, name], ...(called === name ? [] : [[name, name] as const]));
      byShape.set(shape.join(), alike);
    }
  }
  let left = mostComparisons;
  return missing.map(({ name, shape }) => {
    const alike = new Map((byShape.get(shape.join()) ?? []).slice(0, left));
    left -= alike.size;
    const nearest = alike.get(suggest(name, alike.keys()) ?? "");
    return nearest === undefined ? { name, shape } : { name, shape, nearest };
  });
}
