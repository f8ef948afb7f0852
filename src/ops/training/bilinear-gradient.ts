import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import { eachMixed } from "../interpolation.js";
import type { UpsampleAttrs } from "../onnx-reading/upsample.js";
import { elements, type Shape } from "../shape.js";

export interface BilinearGradientAttrs extends UpsampleAttrs {
  /** Of the input, which the derivative has again. */
  readonly shape: Shape;
}

/** From dy: each pixel gets of the pixels that it is mixed into what it gave them. */
export const bilinearGradient = inner<BilinearGradientAttrs>({
  name: "bilinear-gradient",
  operands: "one",
  infer: (_, { shape }) => [shape],
  evaluate: perImage(({ inputs: [dy] }, { factor, shape }) => {
    const dx = new Float64Array(elements(shape));
    eachMixed(shape, factor, (at, from, weight) => (dx[from]! += dy!.data[at]! * weight));
    return [dx];
  }),
});
