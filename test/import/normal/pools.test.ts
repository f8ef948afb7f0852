import { describe, expect, test } from "vitest";
import { absorbPadding } from "../../../src/import/normal/absorb-padding.js";
import { dropPassing } from "../../../src/import/normal/drop-passing.js";
import { poolForms } from "../../../src/import/normal/pool-forms.js";
import type { Value } from "../../../src/graph/value.js";
import { activationPrimitives } from "../../../src/ops/activations.js";
import type { PoolAttrs } from "../../../src/ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../src/ops/pool2d.js";
import { noPads, type Pads, type Pair } from "../../../src/ops/window.js";
import { zeroPad } from "../../../src/ops/zeropad.js";
import { Random } from "../../support/random.js";
import { GraphWriter } from "../../support/graphs.js";
import { expectUntouched, held, rowsOf } from "./hold.js";

const sides = (top: number, left = top, bottom = top, right = left): Pads => ({
  ...{ top, left, bottom, right },
});

const pool = (kernel: Pair, stride: Pair, more: Partial<PoolAttrs> = {}): PoolAttrs => ({
  ...{ kernel, stride, pads: noPads, ceil: false, countPad: true },
  ...more,
});

const padded = (w: GraphWriter, x: Value, pads: Pads): Value => w.node("p", zeroPad, [x], { pads });

describe("zeros around an image", () => {
  test("are a convolution's padding", async () => {
    const w = new GraphWriter([3, 9, 8]);
    const p = padded(w, w.input, sides(3, 1, 2, 0));
    const y = w.conv("y", p, 4, { size: 3, stride: [2, 2] });
    expect(rowsOf(await held(w.output(y).graph(), [absorbPadding]))).toEqual([
      "y : 4 x 7x5 = conv 3x3/2 4 pad 4,2,3,1 (image) weight y.weight bias y.bias",
    ]);
  });

  test("are one padding, where they are two, and stay for others", async () => {
    const w = new GraphWriter([3, 9, 8]);
    const p = padded(w, w.input, sides(1));
    const q = w.node("q", zeroPad, [p], { pads: sides(0, 2, 1, 0) });
    const y = w.conv("y", p, 4);
    expect(rowsOf(await held(w.output(q).output(y).graph(), [absorbPadding]))).toEqual([
      "q : 3 x 12x12 = zeropad 1,3,2,1 (image)",
      "y : 4 x 11x10 = conv 1x1 4 pad 1 (image) weight y.weight bias y.bias",
    ]);
  });

  test.each([
    ["counts", { countPad: true, pads: sides(1) }, "pad 2"],
    ["has none of its own", { countPad: false }, "pad 1"],
    ["rounds up", { countPad: true, ceil: true }, "pad 1 ceil"],
  ])("are an average's padding where it %s", async (_, more, pads) => {
    const w = new GraphWriter([2, 8, 8]);
    const p = padded(w, w.input, sides(1));
    const y = w.node("y", avgPool, [p], pool([3, 3], [2, 2], more));
    const [row, ...others] = rowsOf(await held(w.output(y).graph(), [absorbPadding]));
    expect(row).toContain(`= avgpool 3x3/2 ${pads} (image)`);
    expect(others).toEqual([]);
  });

  test("are a largest value's padding where nothing is below zero", async () => {
    const w = new GraphWriter([2, 8, 8]);
    const r = w.node("r", activationPrimitives.relu, [w.input], {});
    const y = w.node("y", maxPool, [padded(w, r, sides(1))], pool([3, 3], [2, 2]));
    expect(rowsOf(await held(w.output(y).graph(), [absorbPadding])).at(-1)).toBe(
      "y : 2 x 4x4 = maxpool 3x3/2 pad 1 (r)",
    );
  });

  test.each([
    ["a largest value of anything", maxPool, pool([3, 3], [2, 2])],
    [
      "an average whose own padding does not count",
      avgPool,
      pool([3, 3], [1, 1], { countPad: false, pads: sides(1) }),
    ],
    ["a window that would lie in it", avgPool, pool([2, 2], [1, 1], { pads: sides(1) })],
    [
      "windows that would be others",
      avgPool,
      pool([3, 3], [4, 4], { ceil: true, pads: sides(0, 0, 2, 2) }),
    ],
  ] as const)("stay before %s", async (_, primitive, attrs) => {
    const w = new GraphWriter([2, 8, 8]);
    const y = w.node("y", primitive, [padded(w, w.input, sides(1))], attrs);
    await expectUntouched(w.output(y).graph(), [absorbPadding]);
  });
});

describe("a pool", () => {
  test.each([
    [
      "with more padding at the end rounds up",
      maxPool,
      pool([3, 3], [2, 2], { pads: sides(0, 0, 1, 1) }),
      "maxpool 3x3/2 ceil",
    ],
    [
      "with other padding at the end alone too",
      maxPool,
      pool([3, 3], [2, 2], { pads: sides(1, 1, 2, 2), countPad: false }),
      "maxpool 3x3/2 pad 1 ceil",
    ],
    [
      "that needs less padding at the end has as much as before",
      maxPool,
      pool([3, 3], [2, 2], { pads: sides(1, 1, 0, 0) }),
      "maxpool 3x3/2 pad 1",
    ],
    [
      "of averages has too",
      avgPool,
      pool([3, 3], [2, 2], { pads: sides(1, 1, 0, 0) }),
      "avgpool 3x3/2 pad 1",
    ],
    [
      "of averages does where padding does not count",
      avgPool,
      pool([3, 3], [2, 2], { pads: sides(0, 0, 1, 1), countPad: false }),
      "avgpool 3x3/2 ceil",
    ],
    [
      "does not say that it rounds up where its windows fit",
      maxPool,
      pool([2, 2], [2, 2], { ceil: true }),
      "maxpool 2x2/2",
    ],
    [
      "does not say of no padding that it does not count",
      avgPool,
      pool([2, 2], [2, 2], { countPad: false }),
      "avgpool 2x2/2",
    ],
    [
      "of averages of the image is the global one",
      avgPool,
      pool([8, 8], [1, 1], { countPad: false }),
      "adaptiveavgpool 1x1",
    ],
    [
      "of the image's largest values is the global one",
      maxPool,
      pool([8, 8], [8, 8], { ceil: true }),
      "maxpool 8x8",
    ],
  ] as const)("%s", async (_, primitive, attrs, written) => {
    const w = new GraphWriter([2, 8, 8]);
    const y = w.node("y", primitive, [w.input], attrs);
    const after = await held(w.output(y).graph(), [poolForms]);
    expect(rowsOf(after)).toEqual([expect.stringContaining(`= ${written} (image)`)]);
  });

  test.each([
    [
      "an average that counts its padding",
      avgPool,
      pool([3, 3], [2, 2], { pads: sides(0, 0, 1, 1) }),
    ],
    [
      "padding that makes more windows than rounding up",
      maxPool,
      pool([3, 3], [1, 1], { pads: sides(0, 0, 1, 1) }),
    ],
    ["a window of the image and padding", avgPool, pool([8, 8], [1, 1], { pads: sides(0, 1) })],
    ["a dilated window", maxPool, pool([8, 8], [1, 1], { dilation: [2, 2], pads: sides(4) })],
  ] as const)("stays as it is: %s", async (_, primitive, attrs) => {
    const w = new GraphWriter([2, 8, 8]);
    await expectUntouched(w.output(w.node("y", primitive, [w.input], attrs)).graph(), [poolForms]);
  });

  test("of any windows computes what it did", async () => {
    for (let seed = 0; seed < 400; seed++) {
      const random = new Random(seed);
      const side = () => random.integer(1, 9);
      const w = new GraphWriter([1, side(), side()]);
      const [, height, width] = w.input.shape as [number, number, number];
      const kernel: Pair = [random.integer(1, 4), random.integer(1, 4)];
      const within = (most: number) => random.integer(0, Math.min(2, most - 1));
      const pads = sides(
        within(kernel[0]),
        within(kernel[1]),
        within(kernel[0]),
        within(kernel[1]),
      );
      const zeros = sides(random.integer(0, 2), random.integer(0, 2), random.integer(0, 2), 1);
      if (height + pads.top + pads.bottom < kernel[0]) continue;
      if (width + pads.left + pads.right < kernel[1]) continue;
      const stride: Pair = [random.integer(1, 3), random.integer(1, 3)];
      const attrs = pool(kernel, stride, {
        ...{ pads, ceil: random.chance(0.4), countPad: random.chance(0.5) },
      });
      const r = w.node("r", activationPrimitives.relu, [w.input], {});
      const x = random.chance(0.5) ? padded(w, r, zeros) : r;
      const y = w.node("y", random.chance(0.5) ? maxPool : avgPool, [x], attrs);
      await held(w.output(y).graph());
    }
  });

  test("of one pixel is left out, and not one that only happens to see one", async () => {
    const w = new GraphWriter([2, 1, 1]);
    const a = w.node("a", maxPool, [w.input], pool([1, 1], [1, 1]));
    const b = w.node("b", avgPool, [a], pool([1, 1], [1, 1], { pads: sides(1) }));
    const c = w.node("c", maxPool, [b], pool([1, 1], [2, 2]));
    expect(rowsOf(await held(w.output(c).graph(), [dropPassing]))).toEqual([
      "b : 2 x 3x3 = avgpool 1x1 pad 1 (image)",
      "c : 2 x 2x2 = maxpool 1x1/2 (b)",
    ]);
  });
});
