import type { Value } from "../graph/value.js";

/** How the numbers of a value lie in memory. Strides are in elements, for one image. */
export type Layout =
  /** NCHW, dense: what callers and checkpoints have, and the reference kernels. */
  | { readonly kind: "planar" }
  /** [ceil(C / block)][H][W][block]; lanes past C hold rubbish that nothing reads. */
  | { readonly kind: "blocked"; readonly block: number }
  /** [H][W][C]; of a slice of a wider buffer, the next pixel is that buffer's channels away. */
  | { readonly kind: "channels-last" }
  /** Weights in the order in which one kernel reads them, as its own packing leaves them. */
  | { readonly kind: "packed"; readonly name: string; readonly bytes: number };

export const planar: Layout = { kind: "planar" };

/** `planar`, `blocked16`, `conv.direct 2 blocks`: its name says all. */
export function layoutName(layout: Layout): string {
  switch (layout.kind) {
    case "packed":
      return layout.name;
    case "blocked":
      return `blocked${layout.block}`;
    default:
      return layout.kind;
  }
}

export const sameLayout = (a: Layout, b: Layout): boolean => layoutName(a) === layoutName(b);

/** A stretch of channels inside the buffer of `value`, which itself is a slice of nothing. */
export interface Slice {
  readonly value: Value;
  readonly channel: number;
}

/** The values that are slices of others. */
export type Slices = ReadonlyMap<Value, Slice>;
