import { activationNames, activationPrimitives } from "../../../ops/activations.js";
import { appliedField, extent } from "../../describe.js";
import { both } from "../kernel.js";

/** Activations that no convolution took in. */
export const activationKernels = activationNames.map((name) =>
  both({
    name,
    primitive: activationPrimitives[name],
    perNumber: 0.5,
    lower: (cx) => {
      const { attrs, inputs } = cx.node;
      const layer = cx.layer(
        "Activate",
        extent(inputs[0]!.shape),
        appliedField({ ...attrs, activation: name }),
      );
      return [cx.own("elementwise", "activate", layer, [cx.inputs[0]!, cx.outputs[0]!])];
    },
  }),
);
