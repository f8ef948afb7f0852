import type { Primitive } from "../../../ops/primitive.js";
import { logSoftmax, softmax } from "../../../ops/softmax.js";
import type { DistributionAttrs, SoftmaxAttrs } from "../../../ops/softmax-attrs.js";
import { softmaxFields } from "../../describe.js";
import { both } from "../kernel.js";

const kernels = (primitive: Primitive<SoftmaxAttrs>, own: DistributionAttrs) =>
  both({
    name: primitive.name,
    primitive,
    perNumber: 0.7,
    lower: (cx, attrs) => {
      const layer = cx.layer(
        "Softmax",
        ...softmaxFields({ ...cx.node, attrs: { ...attrs, ...own } }),
      );
      return [cx.own("softmax", "softmax", layer, [cx.inputs[0]!, cx.outputs[0]!])];
    },
  });

export const softmaxKernels = [kernels(softmax, {}), kernels(logSoftmax, { log: true })];
