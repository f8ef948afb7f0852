/**
 * What every way to a value passes through, and what every way from it does: in a graph without
 * cycles the nearest common ancestor of all that it reads, or that reads it.
 */
import type { Flow } from "./flow.js";

export interface Dominators {
  /** Of each item the last one before it that all that flows into it has passed; none: -1. */
  readonly before: readonly number[];
  /** Of each item the first one behind it that all that flows out of it passes; none: -1. */
  readonly behind: readonly number[];
}

export function dominatorsOf({ items, readers, outputs }: Flow): Dominators {
  const before = new Ancestors(items.length);
  items.forEach(({ operands }, id) => before.place(id, operands));
  const behind = new Ancestors(items.length);
  const ends = new Set(outputs.map(({ item }) => item));
  for (let id = items.length - 1; id >= 0; id--) {
    behind.place(id, ends.has(id) ? [] : readers[id]!);
  }
  return { before: before.parents, behind: behind.parents };
}

/** A tree that grows at its leaves and knows common ancestors in logarithmic time: a jump a node. */
class Ancestors {
  readonly parents: number[];
  private readonly jumps: number[];
  private readonly depths: number[];
  private readonly root = -1;

  constructor(size: number) {
    this.parents = Array.from({ length: size }, () => -1);
    this.jumps = [...this.parents];
    this.depths = this.parents.map(() => 0);
  }

  /** Below the nearest common ancestor of `above`, which stand in the tree; below the root without. */
  place(id: number, above: readonly number[]): void {
    const parent = above.reduce((a, b) => this.common(a, b), above[0] ?? this.root);
    this.parents[id] = parent;
    this.depths[id] = this.depth(parent) + 1;
    const jump = this.jump(parent);
    const isEven =
      this.depth(parent) - this.depth(jump) === this.depth(jump) - this.depth(this.jump(jump));
    this.jumps[id] = isEven ? this.jump(jump) : parent;
  }

  private common(a: number, b: number): number {
    if (this.depth(a) < this.depth(b)) return this.common(b, a);
    while (this.depth(a) > this.depth(b)) {
      a = this.depth(this.jump(a)) >= this.depth(b) ? this.jump(a) : this.parents[a]!;
    }
    while (a !== b) {
      const apart = this.jump(a) !== this.jump(b);
      [a, b] = apart ? [this.jump(a), this.jump(b)] : [this.parents[a]!, this.parents[b]!];
    }
    return a;
  }

  private depth(id: number): number {
    return id === this.root ? 0 : this.depths[id]!;
  }

  private jump(id: number): number {
    return id === this.root ? this.root : this.jumps[id]!;
  }
}
