/**
 * How much stands between a fork and its join: what nests too deeply, or leaves the height and width
 * of its fork and comes back after many steps, is clearer as stages with names.
 */
import { elements, plane } from "../../ops/shape.js";
import type { Dominators } from "./dominators.js";
import type { Flow, Item } from "./flow.js";

interface Extent {
  readonly depth: number;
  readonly steps: number;
  /** The fewest pixels of a value inside, but for one: a gate looks at the whole plane. */
  readonly pixels: number;
  /** Whether it begins elsewhere than at the fork. */
  readonly isOpen: boolean;
}

const nothing: Extent = { depth: 0, steps: 0, pixels: Infinity, isOpen: false };

/** The language's own limit is a hundred; nobody reads half a dozen. */
const deepest = 6;
/** What one still writes in a branch that begins with `from`. */
const few = 3;
/** An excursion to a smaller plane that people still write in a branch. */
const shortest = 6;

export class Regions {
  private readonly extents = new Map<number, Extent>();
  private readonly large = new Set<number>();

  constructor(
    private readonly flow: Flow,
    private readonly dominators: Dominators,
    private readonly named: ReadonlySet<number>,
  ) {}

  /** The values to name. */
  tooLarge(): ReadonlySet<number> {
    this.flow.items.forEach(({ operands }, id) => {
      if (operands.length > 1) this.extents.set(id, this.region(id, operands));
    });
    return this.large;
  }

  private region(id: number, operands: readonly number[]): Extent {
    const fork = this.dominators.before[id]!;
    const branches = operands.map((operand) => this.branch(operand, fork));
    for (const [i, operand] of operands.entries()) {
      const branch = branches[i]!;
      const isDeep = branch.depth >= deepest;
      const isStream = branch.isOpen && branch.steps > few;
      if (!isDeep && !isStream && !this.returns(operand, branch)) continue;
      branches[i] = nothing;
      if (fork >= 0) this.large.add(fork);
      this.large.add(isDeep ? operand : this.beforeGrowing(operand));
    }
    return together(branches.map((each) => ({ ...each, depth: each.depth + 1 })));
  }

  /** Whether it grows again after many steps. */
  private returns(operand: number, { steps, pixels }: Extent): boolean {
    return steps >= shortest && pixels < pixelsOf(this.flow.items[operand]!);
  }

  /** What is made larger stays with the join. */
  private beforeGrowing(operand: number): number {
    let id = operand;
    for (;;) {
      const { operands } = this.flow.items[id]!;
      const [before] = operands;
      if (operands.length !== 1 || this.named.has(id)) return operand;
      if (pixelsOf(this.flow.items[before!]!) < pixelsOf(this.flow.items[id]!)) return before!;
      id = before!;
    }
  }

  private branch(operand: number, fork: number): Extent {
    const inside: Extent[] = [];
    let id = operand;
    while (id !== fork && id >= 0 && !this.named.has(id) && !this.large.has(id)) {
      const item = this.flow.items[id]!;
      const pixels = pixelsOf(item);
      inside.push({ ...nothing, steps: 1, pixels: pixels === 1 ? Infinity : pixels });
      const extent = this.extents.get(id);
      if (extent !== undefined) inside.push(extent);
      id = this.dominators.before[id]!;
    }
    return { ...together(inside), isOpen: id !== fork };
  }
}

const pixelsOf = ({ shape }: Item): number => elements(plane(shape));

const together = (extents: readonly Extent[]): Extent => ({
  depth: extents.reduce((most, { depth }) => Math.max(most, depth), 0),
  steps: extents.reduce((sum, { steps }) => sum + steps, 0),
  pixels: extents.reduce((least, { pixels }) => Math.min(least, pixels), Infinity),
  isOpen: false,
});
