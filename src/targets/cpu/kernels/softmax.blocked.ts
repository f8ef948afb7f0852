import { softmax } from "../../../ops/softmax.js";
import { extent } from "../../describe.js";
import { both } from "../kernel.js";

export const softmaxKernels = both({
  name: "softmax",
  primitive: softmax,
  perNumber: 5,
  lower: (cx) => {
    const layer = cx.layer("Softmax", extent(cx.node.inputs[0]!.shape));
    return [cx.own("softmax", "softmax", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
