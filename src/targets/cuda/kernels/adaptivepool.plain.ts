import { adaptiveAvgPool } from "../../../ops/adaptive-pool.js";
import { upsample, upsampleAsPool } from "../../../ops/upsample.js";
import { adaptivePoolFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

export const adaptiveAvgPoolKernel = kernel({
  name: "adaptiveavgpool.plain",
  primitive: adaptiveAvgPool,
  carries: ({ kind }) => kind === "activation",
  lower: (cx, node) => {
    const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(node));
    return [cx.kernel("pool", "adaptive_avg_pool", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});

export const upsampleKernel = kernel({
  name: "upsample.plain",
  primitive: upsample,
  lower: (cx, node) => {
    const described = { ...node, attrs: upsampleAsPool(node.inputs[0]!.shape, node.attrs) };
    const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(described));
    return [cx.kernel("pool", "adaptive_avg_pool", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});
