import { softmax } from "../../../ops/softmax.js";
import { extent } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

export const softmaxKernel = kernel({
  name: "softmax.plain",
  primitive: softmax,
  lower: (cx, { inputs }) => {
    const layer = cx.layer("Softmax", extent(inputs[0]!.shape));
    return [cx.kernel("softmax", "softmax", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
  },
});
