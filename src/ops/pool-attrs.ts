import type { MaybeApplied } from "./activations.js";
import { plane, type Shape } from "./shape.js";
import { noPads, type Pads, type Pair, type Window } from "./window.js";

export interface PoolAttrs extends MaybeApplied {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly ceil: boolean;
  /** Averages only: padding counts as zeros, though never the overhang of ceil mode. */
  readonly countPad: boolean;
  /** Largest values only: the distance between the taps, where they do not lie side by side. */
  readonly dilation?: Pair;
}

/** How a pool lies on an image. */
export const poolWindow = ({ dilation = [1, 1], ...attrs }: PoolAttrs): Window => ({
  ...attrs,
  dilation,
});

/** One window, as large as the image. */
export const wholeImage = (input: Shape): PoolAttrs => ({
  kernel: plane(input),
  stride: [1, 1],
  pads: noPads,
  ceil: false,
  countPad: true,
});

/** The output's height and width. */
export interface AdaptivePoolAttrs extends MaybeApplied {
  readonly size: Pair;
}
