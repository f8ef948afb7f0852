import { activationNames, activationPrimitives } from "../../../ops/activations.js";
import { extent, field } from "../../describe.js";
import { both } from "../kernel.js";

/** Activations that no convolution took in. */
export const activationKernels = activationNames.map((name) =>
  both({
    name,
    primitive: activationPrimitives[name],
    perNumber: 0.5,
    lower: (cx) => {
      const layer = cx.layer("Activate", extent(cx.node.inputs[0]!.shape), field(name));
      return [cx.own("elementwise", "activate", layer, [cx.inputs[0]!, cx.outputs[0]!])];
    },
  }),
);
