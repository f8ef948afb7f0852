import { bilinear } from "../../../ops/bilinear.js";
import { bilinearFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

export const bilinearKernel = kernel({
  name: "bilinear.plain",
  primitive: bilinear,
  lower: (cx, node) => {
    const layer = cx.layer("Bilinear", ...bilinearFields(node));
    return [cx.kernel("bilinear", "bilinear", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});
