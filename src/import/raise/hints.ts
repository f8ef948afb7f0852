/** What the names of a file say of the network's parts: which step belongs to which. */
import type { Hint } from "../imported.js";
import { innerChains, type Step } from "./tree.js";

/** Scopes often say a name twice: `branch4/branch4.0`; what an exporter numbers is no name: `r73`. */
export function cleaned(hint: Hint): Hint {
  const kept = hint.filter(
    (part, i) => part !== "" && part !== hint[i - 1] && !/_output_\d+$/.test(part),
  );
  return kept.length === 1 && /^[a-z]_?\d+$/i.test(kept[0]!) ? [] : kept;
}

/** Where a step stands: as what is inside says, since a join may be called as all that it stands in. */
export function placeOf(steps: readonly Step[]): Hint {
  const inside = steps.flatMap((step) =>
    innerChains(step).flatMap((chain) => chain.steps.flatMap(hintsIn)),
  );
  return sharedStart(inside.length > 0 ? inside : steps.flatMap(hintsIn));
}

/** The names of a step and of all that is inside. */
export const hintsIn = (step: Step): readonly Hint[] => [
  ...(step.hint.length === 0 ? [] : [step.hint]),
  ...innerChains(step).flatMap(({ steps }) => steps.flatMap(hintsIn)),
];

/** The parts that all of them begin with. */
export function sharedStart(hints: readonly Hint[]): Hint {
  const [first = [], ...others] = hints;
  const length = others.reduce((so, hint) => {
    let same = 0;
    while (same < so && hint[same] === first[same]) same++;
    return same;
  }, first.length);
  return first.slice(0, length);
}

/** So many of the names begin alike where that is only the shell of the network: `features`. */
const shell = 0.8;
/** Where each layer has a part of its own, parts say nothing. */
const mostParts = 0.6;

/** The outermost parts of a network that tell its stages apart. */
export class Parts {
  private readonly prefix: Hint;
  private readonly isUseful: boolean;
  /** Whether most of the parts have numbers for names. */
  readonly isNumbered: boolean;

  constructor(all: readonly Hint[]) {
    const hints = all.filter(({ length }) => length > 0);
    this.prefix = shellOf(hints);
    const keys = new Set(hints.flatMap((hint) => this.partOf(hint)?.join("/") ?? []));
    this.isUseful = keys.size > 1 && keys.size <= mostParts * hints.length;
    this.isNumbered = [...keys].filter((key) => /(^|\/)\d+$/.test(key)).length > keys.size / 2;
  }

  /** The part that a step belongs to, all that is inside with it; undefined where nothing says. */
  of(step: Step): Hint | undefined {
    if (!this.isUseful) return undefined;
    const parts = new Map<string, Hint>();
    for (const hint of hintsIn(step)) {
      const part = this.partOf(hint);
      if (part !== undefined) parts.set(part.join("/"), part);
    }
    return parts.size === 1 ? [...parts.values()][0] : this.partOf(step.hint);
  }

  private partOf(hint: Hint): Hint | undefined {
    const { length } = this.prefix;
    const isInside = this.prefix.every((part, i) => hint[i] === part);
    const part = hint.slice(0, isInside ? length + 1 : 1);
    return part.length === 0 || (isInside && hint.length === length) ? undefined : part;
  }
}

function shellOf(hints: readonly Hint[]): Hint {
  const prefix: string[] = [];
  for (let inside = hints; ;) {
    const next = new Map<string, Hint[]>();
    for (const hint of inside) {
      const part = hint[prefix.length];
      if (part === undefined) continue;
      const others = next.get(part);
      if (others === undefined) next.set(part, [hint]);
      else others.push(hint);
    }
    const [most] = [...next].sort(([, a], [, b]) => b.length - a.length);
    if (most === undefined || most[1].length < shell * hints.length) return prefix;
    prefix.push(most[0]);
    inside = most[1];
  }
}
