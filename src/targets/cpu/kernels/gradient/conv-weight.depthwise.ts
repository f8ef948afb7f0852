/** native/cpu/gradient/conv_weight_depthwise.hpp: each channel alone, 16 of them at once. */
import { channels } from "../../../../ops/shape.js";
import { block } from "../../blocks.js";
import { blockMultiply } from "../costs.js";
import { outputs, taps, weightKernel } from "./conv-weight.js";

export const convWeightDepthwise = weightKernel({
  name: "depthwise",
  struct: "DepthwiseWeights",
  planar: false,
  refuses: ({ inputs: [x], attrs: { groups, channels: count } }) =>
    groups === channels(x!.shape) && groups === count ? undefined : "its channels see one another",
  sums: (node) => Math.ceil(channels(node.inputs[1]!.shape) / block) * taps(node),
  // Two loads for each multiply do not hide behind it.
  cost: (node, level) => 2 * outputs(node) * taps(node) * blockMultiply[level],
});
