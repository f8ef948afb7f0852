import type { Primitive } from "./primitive.js";
import { channels } from "./shape.js";
import { formatPads, formatWindow, slide, words, type Pads, type Pair } from "./window.js";

export interface PoolAttrs {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly ceil: boolean;
  /** Averages only: padding counts as zeros, though never the overhang of ceil mode. */
  readonly countPad: boolean;
}

const pool = (name: string, tolerance: number): Primitive<PoolAttrs> => ({
  name,
  infer: ([input], attrs) => [[channels(input!), ...slide(input!, { ...attrs, dilation: [1, 1] })]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ kernel, stride, pads, ceil, countPad }) =>
    words(
      formatWindow(kernel, stride),
      formatPads(pads),
      ceil ? "ceil" : "",
      countPad || name === "maxpool" ? "" : "padding not counted",
    ),
  tolerance,
});

/** The largest value under the window; padding is -inf, NaN wins. */
export const maxPool = pool("maxpool", 0);

export const avgPool = pool("avgpool", 1e-6);
