import { batchNorm } from "../../ops/batchnorm.js";
import { lrn } from "../../ops/lrn.js";
import { softmax } from "../../ops/softmax.js";
import { extent, field, lrnFields } from "../describe.js";
import { nothing, type Step } from "./node.js";
import { rule } from "./rule.js";

export const lrnRule = rule(lrn, (cx): readonly Step[] => {
  const layer = cx.layer("Lrn", ...lrnFields(cx.node));
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("lrn", "lrn", layer, [from, cx.outputs[0]!])];
});

/** A batchnorm that no convolution took in. */
export const batchNormRule = rule(batchNorm, (cx, { eps }): readonly Step[] => {
  const shape = extent(cx.node.inputs[0]!.shape);
  const layer = cx.layer("BatchNorm", shape, field("eps", { real: eps }));
  const roles = ["weight", "bias", "running_mean", "running_var"];
  const kept = roles.map((role) => {
    const tensor = cx.node.weights[role];
    return tensor === undefined ? nothing : cx.prepare.keep(tensor);
  });
  const { before, from } = cx.blockedInput(0);
  const args = [from, ...kept, cx.outputs[0]!];
  return [...before, cx.kernel("elementwise", "batch_norm", layer, args)];
});

export const softmaxRule = rule(softmax, (cx): readonly Step[] => {
  const layer = cx.layer("Softmax", extent(cx.node.inputs[0]!.shape));
  const { before, from } = cx.blockedInput(0);
  return [...before, cx.kernel("softmax", "softmax", layer, [from, cx.outputs[0]!])];
});
