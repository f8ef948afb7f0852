import { planar } from "../../../kernels/layout.js";
import { linear, type LinearAttrs } from "../../../ops/linear.js";
import { elements } from "../../../ops/shape.js";
import { appliedField, extent, field } from "../../describe.js";
import { kernel, keptOf } from "../kernel.js";
import { nothing } from "../node.js";

/** The definition, planar, weights as the checkpoint has them. */
export const linearReference = kernel<LinearAttrs, "">({
  name: "linear.reference",
  primitive: linear,
  reference: true,
  ways: (node) => [
    {
      tuning: "",
      inputs: [planar],
      outputs: [planar],
      weights: keptOf(node, ["weight", "bias"]),
      cost: elements(node.weights["weight"]!.shape),
    },
  ],
  lower: (cx, node) => {
    const shape = extent([elements(node.inputs[0]!.shape)]);
    const { features, ...applied } = node.attrs;
    const layer = cx.layer("Linear", shape, field("features", features), appliedField(applied));
    const weights = [cx.weight("weight"), cx.weight("bias", nothing)];
    return [cx.reference("linear", "linear", layer, [cx.inputs[0]!, ...weights, cx.outputs[0]!])];
  },
});
