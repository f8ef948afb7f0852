import type { Primitive } from "../../../ops/primitive.js";
import { logSoftmax, softmax } from "../../../ops/softmax.js";
import type { DistributionAttrs, SoftmaxAttrs } from "../../../ops/softmax-attrs.js";
import { softmaxFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

const plain = (primitive: Primitive<SoftmaxAttrs>, own: DistributionAttrs) =>
  kernel({
    name: `${primitive.name}.plain`,
    primitive,
    lower: (cx, node) => {
      const described = { ...node, attrs: { ...node.attrs, ...own } };
      const layer = cx.layer("Softmax", ...softmaxFields(described));
      return [cx.kernel("softmax", "softmax", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
    },
  });

export const softmaxKernels = [plain(softmax, {}), plain(logSoftmax, { log: true })];
