import { bilinear } from "../../../ops/bilinear.js";
import { bilinearFields } from "../../describe.js";
import { both } from "../kernel.js";
import { move } from "./costs.js";

export const bilinearKernels = both({
  name: "bilinear",
  primitive: bilinear,
  perNumber: move,
  lower: (cx) => {
    const layer = cx.layer("Bilinear", ...bilinearFields(cx.node));
    return [cx.own("bilinear", "bilinear", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
