import { imageNormFields } from "../../describe.js";
import { imageNorms } from "../../image-norms.js";
import { kernel, numbers } from "../kernel.js";
import { at, none } from "../node.js";

/** Their factors and offsets stay f32. */
export const imageNormKernels = imageNorms.map(({ primitive, centred }) =>
  kernel({
    name: `${primitive.name}.plain`,
    primitive,
    weights: ({ weights }) =>
      Object.fromEntries(Object.entries(weights).map(([role, value]) => [role, numbers(value)])),
    lower: (cx, node) => {
      const described = { ...node, attrs: { ...node.attrs, centred } };
      const layer = cx.layer("ImageNorm", ...imageNormFields(described));
      const kept = ["weight", "bias"].map((role) => cx.weight(role, none));
      const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
      return [cx.kernel("image_norm", "image_norm", layer, from, ...kept, to)];
    },
  }),
);
