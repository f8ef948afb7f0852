import { adaptiveAvgPool } from "../../ops/adaptive-pool.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import type { PoolAttrs } from "../../ops/pool-attrs.js";
import { adaptivePoolFields, poolFields } from "../describe.js";
import { type CpuNode, type Step } from "./node.js";
import { rule } from "./rule.js";

export const maxPoolRule = rule(maxPool, (cx) => pool(cx, "max_pool"));
export const avgPoolRule = rule(avgPool, (cx) => pool(cx, "avg_pool"));

function pool(cx: CpuNode<PoolAttrs>, kernel: string): readonly Step[] {
  const layer = cx.layer("Pool", ...poolFields(cx.node, kernel === "avg_pool"));
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("pool", kernel, layer, [from, cx.outputs[0]!])];
}

export const adaptiveAvgPoolRule = rule(adaptiveAvgPool, (cx): readonly Step[] => {
  const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(cx.node));
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("pool", "adaptive_avg_pool", layer, [from, cx.outputs[0]!])];
});
