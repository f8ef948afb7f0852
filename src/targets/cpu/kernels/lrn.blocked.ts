import { lrn } from "../../../ops/lrn.js";
import { lrnFields } from "../../describe.js";
import { both } from "../kernel.js";

export const lrnKernels = both({
  name: "lrn",
  primitive: lrn,
  perNumber: 0.4,
  lower: (cx) => {
    const layer = cx.layer("Lrn", ...lrnFields(cx.node));
    return [cx.own("lrn", "lrn", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
