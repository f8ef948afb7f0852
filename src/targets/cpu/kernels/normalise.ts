import { batchNorm } from "../../../ops/batchnorm.js";
import { lrn } from "../../../ops/lrn.js";
import { softmax } from "../../../ops/softmax.js";
import { extent, field, lrnFields } from "../../describe.js";
import { both } from "../kernel.js";
import { nothing } from "../node.js";

export const lrnKernels = both({
  name: "lrn",
  primitive: lrn,
  perNumber: 3,
  lower: (cx) => {
    const layer = cx.layer("Lrn", ...lrnFields(cx.node));
    return [cx.own("lrn", "lrn", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});

const statistics = ["weight", "bias", "running_mean", "running_var"];

/** A batchnorm that no convolution took in. */
export const batchNormKernels = both({
  name: "batchnorm",
  primitive: batchNorm,
  perNumber: 0.4,
  kept: statistics,
  lower: (cx, { eps }) => {
    const shape = extent(cx.node.inputs[0]!.shape);
    const layer = cx.layer("BatchNorm", shape, field("eps", { real: eps }));
    const kept = statistics.map((role) => cx.weight(role, nothing));
    const args = [cx.inputs[0]!, ...kept, cx.outputs[0]!];
    return [cx.own("elementwise", "batch_norm", layer, args)];
  },
});

export const softmaxKernels = both({
  name: "softmax",
  primitive: softmax,
  perNumber: 5,
  lower: (cx) => {
    const layer = cx.layer("Softmax", extent(cx.node.inputs[0]!.shape));
    return [cx.own("softmax", "softmax", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});
