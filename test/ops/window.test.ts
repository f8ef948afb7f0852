import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { defaultPads, resolvePads } from "../../src/ops/padding.js";
import { windowed } from "../../src/ops/rules.js";
import { formatPads, formatWindow, noPads, slide, type Window } from "../../src/ops/window.js";

const window = (over: Partial<Window>): Window => ({
  kernel: [3, 3],
  stride: [1, 1],
  pads: noPads,
  dilation: [1, 1],
  ceil: false,
  ...over,
});

const even = (pad: number) => ({ top: pad, left: pad, bottom: pad, right: pad });

describe("the size of what a window leaves", () => {
  // By hand from out = floor or ceil((in + 2p - k) / s) + 1, less 1 if the last window would
  // start at or past in + p.
  it.each([
    // in, kernel, stride, pad, floor, ceil
    [112, 3, 2, 0, 55, 56],
    [56, 3, 2, 0, 27, 28],
    [28, 3, 2, 0, 13, 14],
    [14, 3, 2, 0, 6, 7],
    [7, 7, 1, 0, 1, 1],
    [14, 5, 3, 0, 4, 4],
    [5, 2, 2, 0, 2, 3],
    [4, 3, 3, 1, 2, 2],
    [3, 2, 2, 1, 2, 2], // a third window would start at 3, past the image
    [6, 2, 3, 0, 2, 2], // a third would start at 6 = in
    [1, 1, 5, 0, 1, 1],
    [10, 1, 4, 0, 3, 3], // a fourth would start at 12
    [13, 3, 4, 0, 3, 4],
  ])("%i with a %i window, stride %i, padding %i", (size, kernel, stride, pad, floor, ceil) => {
    const at = (round: boolean) =>
      slide(
        [1, size, size],
        window({
          kernel: [kernel, kernel],
          stride: [stride, stride],
          pads: even(pad),
          ceil: round,
        }),
      );
    expect(at(false)).toEqual([floor, floor]);
    expect(at(true)).toEqual([ceil, ceil]);
  });

  test("no window of ceil mode lies outside of the image, and together they reach its end", () => {
    const dims = { size: fc.integer({ min: 1, max: 40 }), kernel: fc.integer({ min: 1, max: 9 }) };
    fc.assert(
      fc.property(
        fc.record({ ...dims, stride: fc.integer({ min: 1, max: 9 }), pad: fc.nat(8) }),
        ({ size, kernel, stride, pad }) => {
          fc.pre(pad < kernel && size + 2 * pad >= kernel);
          const place = window({
            kernel: [kernel, kernel],
            stride: [stride, stride],
            pads: even(pad),
            ceil: true,
          });
          const [count] = slide([1, size, size], place);
          const lastStart = (count - 1) * stride - pad;
          expect(lastStart).toBeLessThan(size);
          const next = lastStart + stride;
          expect(next >= size || next + kernel > size + pad).toBe(true);
          expect(lastStart + kernel >= size + pad || lastStart + stride >= size).toBe(true);
        },
      ),
    );
  });

  test("a window that is not square, with dilation", () => {
    const place = window({ kernel: [1, 7], stride: [2, 1], dilation: [1, 3], pads: noPads });
    expect(slide([3, 17, 30], place)).toEqual([9, 12]);
  });

  test("a window larger than its input leaves nothing", () => {
    expect(slide([3, 2, 9], window({}))[0]).toBeLessThan(1);
    expect(windowed([3, 2, 9], window({}), 8)).toMatchObject({ code: "shape/empty" });
  });
});

const sides = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
const small = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));

describe("padding", () => {
  test("same keeps the size at stride 1, whatever the dilation", () => {
    fc.assert(
      fc.property(sides, small, small, ([h, w], [a, b], dilation) => {
        const place = window({ kernel: [2 * a - 1, 2 * b - 1], dilation });
        const pads = resolvePads([1, h, w], place, "same");
        if ("code" in pads) throw new Error(pads.code);
        expect(slide([1, h, w], { ...place, pads })).toEqual([h, w]);
      }),
    );
  });

  test("tf_same gives ceil(in / stride), the odd rest after the image", () => {
    fc.assert(
      fc.property(sides, small, small, ([h, w], kernel, stride) => {
        const place = window({ kernel, stride });
        const pads = resolvePads([1, h, w], place, "tf_same");
        if ("code" in pads) throw new Error(pads.code);
        expect(slide([1, h, w], { ...place, pads })).toEqual([
          Math.ceil(h / stride[0]),
          Math.ceil(w / stride[1]),
        ]);
        expect([0, 1]).toContain(pads.bottom - pads.top);
        expect([0, 1]).toContain(pads.right - pads.left);
      }),
    );
  });

  test("tf_same of a 3x3/2 on 224 is 0 before and 1 after", () => {
    const place = window({ stride: [2, 2] });
    expect(resolvePads([3, 224, 224], place, "tf_same")).toEqual({
      top: 0,
      left: 0,
      bottom: 1,
      right: 1,
    });
  });

  test("an even kernel has no same", () => {
    const place = window({ kernel: [3, 4] });
    expect(resolvePads([3, 9, 9], place, "same")).toMatchObject({
      code: "shape/ambiguous-padding",
    });
  });

  test("a convolution has a default at stride 1 with an odd kernel, and for 1x1", () => {
    expect(defaultPads([3, 9, 9], window({ kernel: [5, 1] }))).toEqual({
      top: 2,
      left: 0,
      bottom: 2,
      right: 0,
    });
    expect(defaultPads([3, 9, 9], window({ kernel: [1, 1], stride: [2, 2] }))).toEqual(noPads);
    for (const ambiguous of [{ kernel: [2, 2] }, { stride: [2, 1] }] as const) {
      expect(defaultPads([3, 9, 9], window(ambiguous))).toMatchObject({
        code: "shape/ambiguous-padding",
      });
    }
  });
});

test("windows and pads print as they are written", () => {
  expect(formatWindow([3, 7], [1, 1])).toBe("3x7");
  expect(formatWindow([3, 3], [2, 2])).toBe("3x3/2");
  expect(formatWindow([3, 3], [2, 1])).toBe("3x3/2x1");
  expect(formatPads(noPads)).toBe("");
  expect(formatPads({ top: 0, left: 3, bottom: 0, right: 3 })).toBe("pad 0x3");
  expect(formatPads({ top: 0, left: 0, bottom: 1, right: 1 })).toBe("pad 0,0,1,1");
});
