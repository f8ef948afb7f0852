import { adaptiveAvgPool } from "../../ops/adaptive-pool.js";
import { avgPool, maxPool, type PoolAttrs } from "../../ops/pool.js";
import { channels, plane } from "../../ops/shape.js";
import { type CpuNode, field, type Step, unless } from "./node.js";
import { rule } from "./rule.js";

export const maxPoolRule = rule(maxPool, (cx, attrs) => pool(cx, attrs, "max_pool"));
export const avgPoolRule = rule(avgPool, (cx, attrs) => pool(cx, attrs, "avg_pool"));

function pool(cx: CpuNode<PoolAttrs>, attrs: PoolAttrs, kernel: string): readonly Step[] {
  const input = cx.node.inputs[0]!.shape;
  const { top, left, bottom, right } = attrs.pads;
  const counted = attrs.countPad || kernel === "max_pool";
  const layer = cx.layer(
    "Pool",
    field("input", channels(input), ...plane(input)),
    field("output", ...plane(cx.node.outputs[0]!.shape)),
    field("kernel", ...attrs.kernel),
    unless(
      attrs.stride.every((s) => s === 1),
      field("stride", ...attrs.stride),
    ),
    unless(top + left + bottom + right === 0, field("pad", top, left, bottom, right)),
    unless(counted, field("count_pad", false)),
  );
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("pool", kernel, layer, [from, cx.outputs[0]!])];
}

export const adaptiveAvgPoolRule = rule(adaptiveAvgPool, (cx, { size }): readonly Step[] => {
  const input = cx.node.inputs[0]!.shape;
  const layer = cx.layer(
    "AdaptivePool",
    field("input", channels(input), ...plane(input)),
    field("output", ...size),
  );
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("pool", "adaptive_avg_pool", layer, [from, cx.outputs[0]!])];
});
