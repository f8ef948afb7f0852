import { adaptiveAvgPool } from "../../ops/adaptive-pool.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import type { PoolAttrs } from "../../ops/pool-attrs.js";
import { adaptivePoolFields, poolFields } from "../describe.js";
import type { Call } from "../program.js";
import { at, type GpuNode } from "./node.js";
import { rule } from "./rule.js";

export const maxPoolRule = rule(maxPool, (cx) => pool(cx, "max_pool"));
export const avgPoolRule = rule(avgPool, (cx) => pool(cx, "avg_pool"));

function pool(cx: GpuNode<PoolAttrs>, kernel: string): readonly Call[] {
  const layer = cx.layer("Pool", ...poolFields(cx.node, kernel === "avg_pool"));
  return [cx.kernel("pool", kernel, layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
}

export const adaptiveAvgPoolRule = rule(adaptiveAvgPool, (cx): readonly Call[] => {
  const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(cx.node));
  return [cx.kernel("pool", "adaptive_avg_pool", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
});
