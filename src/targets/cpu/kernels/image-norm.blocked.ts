import { imageNormFields } from "../../describe.js";
import { imageNorms } from "../../image-norms.js";
import { both } from "../kernel.js";
import { nothing } from "../node.js";

export const imageNormKernels = imageNorms.map(({ primitive, centred }) =>
  both({
    name: primitive.name,
    primitive,
    perNumber: 1,
    kept: ["weight", "bias"],
    lower: (cx, attrs) => {
      const described = { ...cx.node, attrs: { ...attrs, centred } };
      const layer = cx.layer("ImageNorm", ...imageNormFields(described));
      const kept = ["weight", "bias"].map((role) => cx.weight(role, nothing));
      return [cx.own("image_norm", "image_norm", layer, [cx.inputs[0]!, ...kept, cx.outputs[0]!])];
    },
  }),
);
