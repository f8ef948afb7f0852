import type { PoolAttrs } from "../../../../ops/pool-attrs.js";
import {
  adaptivePoolGradient,
  avgPoolGradient,
  maxPoolGradient,
  maxPoolTaps,
} from "../../../../ops/training/pool-gradient.js";
import {
  adaptivePoolLayer,
  avgPoolLayer,
  maxPoolLayer,
  poolTapsLayer,
} from "../../../describe-training.js";
import { pair } from "./pair.js";

const pool = { header: "gradient/pool" } as const;

/** The kernels on blocks count taps that lie side by side. */
const refuses = ({ attrs }: { readonly attrs: PoolAttrs }): string | undefined =>
  attrs.dilation === undefined ? undefined : "its taps do not lie side by side";

export const poolGradients = [
  pair({
    ...pool,
    primitive: maxPoolTaps,
    layer: poolTapsLayer,
    name: "max_pool_taps",
    perNumber: 1,
    refuses,
  }),
  pair({
    ...pool,
    primitive: maxPoolGradient,
    layer: maxPoolLayer,
    name: "max_pool_gradient",
    perNumber: 0.5,
    refuses,
  }),
  pair({
    ...pool,
    primitive: avgPoolGradient,
    layer: avgPoolLayer,
    name: "avg_pool_gradient",
    perNumber: 0.5,
  }),
  pair({
    ...pool,
    primitive: adaptivePoolGradient,
    layer: adaptivePoolLayer,
    name: "adaptive_avg_pool_gradient",
    perNumber: 0.3,
  }),
];
