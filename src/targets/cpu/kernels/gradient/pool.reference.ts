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
import { reference } from "./reference.js";

const pool = { header: "gradient/pool" } as const;

export const poolReferences = [
  reference({ ...pool, primitive: maxPoolTaps, layer: poolTapsLayer, name: "max_pool_taps" }),
  reference({
    ...pool,
    primitive: maxPoolGradient,
    layer: maxPoolLayer,
    name: "max_pool_gradient",
  }),
  reference({
    ...pool,
    primitive: avgPoolGradient,
    layer: avgPoolLayer,
    name: "avg_pool_gradient",
  }),
  reference({
    ...pool,
    primitive: adaptivePoolGradient,
    layer: adaptivePoolLayer,
    name: "adaptive_avg_pool_gradient",
  }),
];
