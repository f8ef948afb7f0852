import type { Primitive } from "./primitive.js";
import { channels } from "./shape.js";
import type { Pair } from "./window.js";

/** The output's height and width. */
export interface AdaptivePoolAttrs {
  readonly size: Pair;
}

/** PyTorch's bins: output i averages rows floor(i * in / out) to ceil((i + 1) * in / out) - 1. */
export const adaptiveAvgPool: Primitive<AdaptivePoolAttrs> = {
  name: "adaptiveavgpool",
  infer: ([input], { size }) => [[channels(input!), ...size]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ size }) => size.join("x"),
  tolerance: 1e-6,
};
