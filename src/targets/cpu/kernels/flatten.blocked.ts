import { reorder } from "./conversions.js";
import { planar } from "../../../kernels/layout.js";
import { flatten } from "../../../ops/flatten.js";
import { elements } from "../../../ops/shape.js";
import { extent } from "../../describe.js";
import { blocked, kernel } from "../kernel.js";
import { move } from "./costs.js";

/** An image in blocks becomes a vector by being made planar. */
export const flattenBlocked = kernel<object, "">({
  name: "flatten.blocked",
  primitive: flatten,
  refuses: ({ inputs }) => (inputs[0]!.shape.length === 3 ? undefined : "it is flat already"),
  ways: ({ inputs }) => [
    {
      tuning: "",
      inputs: [blocked],
      outputs: [planar],
      weights: {},
      cost: move * elements(inputs[0]!.shape),
    },
  ],
  lower: (cx) => [reorder(cx, "to_planar")],
});

/** What is planar stays as it is. */
const flattenCopy = (reference: boolean) =>
  kernel<object, "">({
    name: reference ? "flatten.reference" : "flatten.copy",
    primitive: flatten,
    reference,
    ways: ({ inputs }) => [
      {
        tuning: "",
        inputs: [planar],
        outputs: [planar],
        weights: {},
        cost: move * elements(inputs[0]!.shape),
      },
    ],
    lower: (cx, { inputs }) => {
      const layer = cx.layer("Copy", extent([elements(inputs[0]!.shape)]));
      return [cx.own("copy", "copy", layer, [cx.inputs[0]!, cx.outputs[0]!])];
    },
  });

export const flattenKernels = {
  fast: flattenCopy(false),
  reference: flattenCopy(true),
};
