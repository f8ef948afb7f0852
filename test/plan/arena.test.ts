import { describe, expect, test } from "vitest";
import { type Block, packArena } from "../../src/plan/arena.js";
import { byLevels, type Moment } from "../../src/plan/order.js";

const at = (level: number): Moment => ({ index: level, level, after: [] });

/** Bytes that are made at one level and last read at another. */
const block = (bytes: number, from: number, to = from): Block => ({
  bytes,
  made: [at(from)],
  touched: [at(from), at(to)],
});

/** Offsets in the order of the blocks, and the bytes of the whole. */
const packed = (blocks: readonly Block[], alignment = 1): readonly [number[], number] => {
  const { offsets, bytes } = packArena(blocks, alignment, byLevels);
  return [blocks.map((each) => offsets.get(each)!), bytes];
};

/** At level 0 all four lie one after the other; at level 1 the second and fourth are left. */
const withGaps = (first: number, third: number): readonly Block[] => [
  block(first, 0),
  block(90, 0, 1),
  block(third, 0),
  block(40, 0, 1),
];

describe("an arena", () => {
  test("gives bytes again to what lives later, and none twice to what lives at once", () => {
    expect(packed([block(10, 0), block(10, 1)])).toEqual([[0, 0], 10]);
    expect(packed([block(10, 0, 1), block(10, 1)])).toEqual([[0, 10], 20]);
    expect(packed([])).toEqual([[], 0]);
  });

  test("places the largest first, of equal ones the earliest", () => {
    expect(packed([block(10, 0), block(30, 0), block(20, 0)])).toEqual([[50, 0, 30], 60]);
    expect(packed([block(10, 1, 2), block(10, 0, 1), block(10, 2)])).toEqual([[10, 0, 0], 20]);
  });

  test("counts what is made at several moments from the first of them", () => {
    const parts: Block = { ...block(10, 0, 3), made: [at(0), at(3)] };
    expect(packed([block(10, 1), parts])).toEqual([[10, 0], 20]);
  });

  test("takes the tightest gap that is wide enough, wherever it lies", () => {
    const small = block(30, 1);
    // Gaps of 100 and 50 bytes, and after 100 + 90 + 50 + 40 the end.
    expect(packed([...withGaps(100, 50), small])[0]).toEqual([0, 100, 190, 240, 190]);
    // Of 100 and 25: the second is too narrow.
    expect(packed([...withGaps(100, 25), small])[0][4]).toBe(0);
    // An exact fit is one.
    expect(packed([...withGaps(100, 40), block(40, 1)])[0][4]).toBe(190);
  });

  test("takes the first of equal gaps", () => {
    const equal = [block(90, 0), block(90, 0, 1), block(90, 0), block(40, 0, 1), block(30, 1)];
    expect(packed(equal)[0]).toEqual([0, 90, 180, 270, 0]);
  });

  test("starts every block at a multiple of the alignment, and counts it to the next", () => {
    expect(packed([block(65, 0), block(64, 0), block(1, 0)], 64)).toEqual([[0, 128, 192], 256]);
  });
});
