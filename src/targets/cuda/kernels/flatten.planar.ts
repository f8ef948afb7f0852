import { flatten } from "../../../ops/flatten.js";
import { isImage } from "../../../ops/shape.js";
import { kernel } from "../kernel.js";
import { at, call } from "../node.js";

export const flattenKernel = kernel({
  name: "flatten.planar",
  primitive: flatten,
  lower: (cx, { inputs }) => {
    const args = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    const [file, name] = isImage(inputs[0]!.shape) ? ["planar", "flatten"] : ["copy", "copy"];
    return [call(`cuda/${file}.cuh`, name, [cx.storage], args)];
  },
});
