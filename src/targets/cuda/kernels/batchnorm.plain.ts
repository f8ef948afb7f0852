import { batchNorm } from "../../../ops/batchnorm.js";
import { extent, field } from "../../describe.js";
import { kernel, numbers } from "../kernel.js";
import { at, none } from "../node.js";

const statistics = ["weight", "bias", "running_mean", "running_var"];

/** A batchnorm that no convolution took in. Its numbers stay f32. */
export const batchNormKernel = kernel({
  name: "batchnorm.plain",
  primitive: batchNorm,
  weights: ({ weights }) =>
    Object.fromEntries(
      statistics.flatMap((role) => {
        const value = weights[role];
        return value === undefined ? [] : [[role, numbers(value)]];
      }),
    ),
  lower: (cx, { inputs, attrs }) => {
    const shape = extent(inputs[0]!.shape);
    const layer = cx.layer("BatchNorm", shape, field("eps", { real: attrs.eps }));
    const kept = statistics.map((role) => cx.weight(role, none));
    const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    return [cx.kernel("elementwise", "batch_norm", layer, from, ...kept, to)];
  },
});
