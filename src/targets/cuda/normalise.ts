import { batchNorm } from "../../ops/batchnorm.js";
import { lrn } from "../../ops/lrn.js";
import { channels } from "../../ops/shape.js";
import { softmax } from "../../ops/softmax.js";
import { extent, field, lrnFields } from "../describe.js";
import type { Call } from "../program.js";
import { at, call, none } from "./node.js";
import { rule } from "./rule.js";

export const lrnRule = rule(lrn, (cx): readonly Call[] => {
  const layer = cx.layer("Lrn", ...lrnFields(cx.node));
  return [cx.kernel("lrn", "lrn", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
});

export const softmaxRule = rule(softmax, (cx): readonly Call[] => {
  const layer = cx.layer("Softmax", extent(cx.node.inputs[0]!.shape));
  return [cx.kernel("softmax", "softmax", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
});

/** A batchnorm that no convolution took in. Its numbers stay f32. */
export const batchNormRule = rule(batchNorm, (cx, { eps }): readonly Call[] => {
  const { shape } = cx.node.inputs[0]!;
  const layer = cx.layer("BatchNorm", extent(shape), field("eps", { real: eps }));
  const count = { kind: "number", value: channels(shape) } as const;
  const kept = ["weight", "bias", "running_mean", "running_var"].map((role) => {
    const tensor = cx.node.weights[role];
    if (tensor === undefined) return none;
    return cx.prepare.store(tensor, 4 * count.value, (from, to) =>
      call("cuda/pack.hpp", "pack_numbers", [], [count, from, to]),
    );
  });
  const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
  return [cx.kernel("elementwise", "batch_norm", layer, from, ...kept, to)];
});
