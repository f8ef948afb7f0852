import type { Pads, Pair } from "./window.js";

export interface PoolAttrs {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly ceil: boolean;
  /** Averages only: padding counts as zeros, though never the overhang of ceil mode. */
  readonly countPad: boolean;
}

/** The output's height and width. */
export interface AdaptivePoolAttrs {
  readonly size: Pair;
}
