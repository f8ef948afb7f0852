import { adaptiveAvgPool } from "../../../ops/adaptive-pool.js";
import { upsample, upsampleAsPool } from "../../../ops/upsample.js";
import { adaptivePoolFields } from "../../describe.js";
import { both } from "../kernel.js";

export const adaptiveAvgPoolKernels = both({
  name: "adaptiveavgpool",
  primitive: adaptiveAvgPool,
  perNumber: 3.5,
  carries: ({ kind }) => kind === "activation",
  lower: (cx) => {
    const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(cx.node));
    return [cx.own("pool", "adaptive_avg_pool", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});

export const upsampleKernels = both({
  name: "upsample",
  primitive: upsample,
  perNumber: 1.5,
  lower: (cx, attrs) => {
    const described = { ...cx.node, attrs: upsampleAsPool(cx.node.inputs[0]!.shape, attrs) };
    const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(described));
    return [cx.own("pool", "adaptive_avg_pool", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
