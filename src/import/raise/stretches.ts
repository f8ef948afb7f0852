/** Steps that could be a module: in which chains they stand, and how much one of them would save. */
import { flatText } from "./layout.js";
import { stretchesOf } from "./phrases.js";
import { Skeletons } from "./skeletons.js";
import type { Style } from "./style.js";
import { type Chain, isCall, type Step } from "./tree.js";

/** Some steps of a chain, one after the other. */
export interface Stretch {
  readonly chain: Chain;
  readonly start: number;
  readonly end: number;
}

/** Characters that a module has to save. */
export const worthwhile = 80;

export const stepsOf = ({ chain, start, end }: Stretch): readonly Step[] =>
  chain.steps.slice(start, end);

export const textOf = (stretch: Stretch): string => flatText({ steps: stepsOf(stretch) });

export const isRow = (stretch: Stretch): boolean => stepsOf(stretch).every(isCall);

/**
 * Stretches of one skeleton, those first that would save most.
 *
 * @param bodies what is a module already, whole
 */
export function candidates(
  chains: readonly Chain[],
  bodies: ReadonlySet<Chain>,
  style: Style,
): readonly (readonly Stretch[])[] {
  const skeletons = new Skeletons();
  const groups = new Map<string, Stretch[]>();
  for (const chain of chains) {
    for (const { start, end } of stretchesOf(chain.steps, style, skeletons)) {
      if (bodies.has(chain) && end - start === chain.steps.length) continue;
      const key = chain.steps
        .slice(start, end)
        .map((step) => skeletons.of(step))
        .join();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ chain, start, end }]);
      else group.push({ chain, start, end });
    }
  }
  const worth = [...groups.values()].flatMap((group) => {
    const saved = (group.length - 1) * textOf(group[0]!).length;
    return saved > worthwhile ? [{ group, saved, row: Number(isRow(group[0]!)) }] : [];
  });
  // Blocks first, then rows of layers; of each what saves most.
  return worth.sort((a, b) => a.row - b.row || b.saved - a.saved).map(({ group }) => group);
}

/** Those that do not lie over one another. */
export function apart(group: readonly Stretch[]): readonly Stretch[] {
  const ends = new Map<Chain, number>();
  return group.filter(({ chain, start, end }) => {
    if (start < (ends.get(chain) ?? 0)) return false;
    ends.set(chain, end);
    return true;
  });
}
