import { adaptiveAvgPool } from "../../../ops/adaptive-pool.js";
import { adaptivePoolFields } from "../../describe.js";
import { both } from "../kernel.js";

export const adaptiveAvgPoolKernels = both({
  name: "adaptiveavgpool",
  primitive: adaptiveAvgPool,
  perNumber: 10,
  lower: (cx) => {
    const layer = cx.layer("AdaptivePool", ...adaptivePoolFields(cx.node));
    return [cx.own("pool", "adaptive_avg_pool", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
