import { planar } from "../../../kernels/layout.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { elements } from "../../../ops/shape.js";
import { convFields } from "../../describe.js";
import { kernel, keptOf } from "../kernel.js";
import { nothing } from "../node.js";
import { carriesConv, convName } from "./conv.js";

/** The definition, planar, weights as the checkpoint has them. */
export const convReference = kernel<ConvAttrs, "">({
  name: "conv.reference",
  primitive: conv2d,
  reference: true,
  carries: carriesConv,
  ways: (node) => [
    {
      tuning: "",
      inputs: node.inputs.map(() => planar),
      outputs: node.outputs.map(() => planar),
      weights: keptOf(node, ["weight", "bias"]),
      cost: elements(node.inputs[0]!.shape) * elements(node.weights["weight"]!.shape),
    },
  ],
  lower: (cx, node) => {
    const layer = cx.layer("Conv", ...convFields(node));
    const [input, ...added] = cx.inputs;
    const bias = cx.weight("bias", nothing);
    const more = node.attrs.bias === "placed" ? [nothing, bias] : [bias, ...added];
    const args = [input!, cx.weight("weight"), ...more, ...cx.outputs];
    return [cx.reference("conv", convName(node), layer, args)];
  },
});
