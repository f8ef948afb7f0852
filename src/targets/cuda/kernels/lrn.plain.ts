import { lrn } from "../../../ops/lrn.js";
import { lrnFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

export const lrnKernel = kernel({
  name: "lrn.plain",
  primitive: lrn,
  lower: (cx, node) => {
    const layer = cx.layer("Lrn", ...lrnFields(node));
    return [cx.kernel("lrn", "lrn", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});
