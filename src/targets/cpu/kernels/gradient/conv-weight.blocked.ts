/** native/cpu/gradient/conv_weight_blocked.hpp: a few input channels by a block of output channels. */
import { channels } from "../../../../ops/shape.js";
import { block } from "../../blocks.js";
import { blockMultiply } from "../costs.js";
import { outputs, taps, weightKernel, type WeightNode } from "./conv-weight.js";

/** Input channels that one output channel sees. */
const depth = ({ attrs }: WeightNode): number => attrs.shape[1]!;

export const convWeightBlocked = weightKernel({
  name: "blocked",
  struct: "BlockedWeights",
  planar: false,
  refuses: ({ attrs: { groups, channels: count, shape } }) => {
    const whole = [count / groups, shape[1]!].every((each) => each % block === 0);
    if (groups === 1 || whole) return undefined;
    return `its groups are no whole blocks of ${block} channels`;
  },
  sums: (node) => {
    const [out] = [channels(node.inputs[1]!.shape)];
    return Math.ceil(out / block) * Math.ceil(depth(node) / block) * taps(node) * block;
  },
  // Fewer than four input channels do not hide one another's latency.
  cost: (node, level) =>
    outputs(node) * taps(node) * Math.max(4, depth(node)) * blockMultiply[level],
});
