import { batchNorm } from "../../../ops/batchnorm.js";
import { extent, field } from "../../describe.js";
import { both } from "../kernel.js";
import { nothing } from "../node.js";

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
