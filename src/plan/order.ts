/** When things happen in a run, and what that says of memory. */

/** When a node, the copy of an output, or the loading of an input takes place in a run. */
export interface Moment {
  readonly index: number;
  /** The longest way from the start to here. */
  readonly level: number;
  /** What it reads is made by these. */
  readonly after: readonly Moment[];
}

/** The partial order in which the emitted program does things. */
export interface Order {
  /** Whether `a` has ended when `b` begins, in every order that the program allows. */
  before(a: Moment, b: Moment): boolean;
}

/** A barrier stands between two levels; what is of one happens in any order or at once. */
export const byLevels: Order = { before: (a, b) => a.level < b.level };

/** Steps wait for what they read and for nothing else. */
export function byDataflow(moments: readonly Moment[]): Order {
  const words = Math.ceil(moments.length / 32);
  /** By index, a bit for each moment that has ended. */
  const earlier: Uint32Array[] = [];
  // What a moment comes after has a smaller index.
  for (const moment of [...moments].sort((a, b) => a.index - b.index)) {
    const bits = new Uint32Array(words);
    for (const before of moment.after) {
      earlier[before.index]!.forEach((word, i) => (bits[i]! |= word));
      bits[before.index >> 5]! |= 1 << (before.index & 31);
    }
    earlier[moment.index] = bits;
  }
  return {
    before: (a, b) => (earlier[b.index]![a.index >> 5]! & (1 << (a.index & 31))) !== 0,
  };
}

/** Bytes, when they are written, and when they are written or read. */
export interface Life {
  readonly made: readonly Moment[];
  readonly touched: readonly Moment[];
}

/** Whether the two may share bytes: all that one is needed for precedes the making of the other. */
export const apart = (a: Life, b: Life, order: Order): boolean =>
  precedes(a, b, order) || precedes(b, a, order);

const precedes = (a: Life, b: Life, order: Order): boolean =>
  b.made.every((start) => a.touched.every((end) => order.before(end, start)));
