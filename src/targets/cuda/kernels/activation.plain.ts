import { activationNames, activationPrimitives } from "../../../ops/activations.js";
import { appliedField, extent } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

/** Activations that no convolution took in. */
export const activationKernels = activationNames.map((name) =>
  kernel({
    name: `${name}.plain`,
    primitive: activationPrimitives[name],
    lower: (cx, { attrs, inputs }) => {
      const layer = cx.layer(
        "Activate",
        extent(inputs[0]!.shape),
        appliedField({ ...attrs, activation: name }),
      );
      return [cx.kernel("elementwise", "activate", layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
    },
  }),
);
