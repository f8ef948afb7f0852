import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import { elements } from "../shape.js";

/** From y and dy: dx = y * (dy - sum(y * dy)), the sum across channels at each pixel. */
export const softmaxGradient = inner({
  name: "softmax-gradient",
  inPlace: true,
  infer: ([y]) => [y!],
  evaluate: perImage(({ inputs: [y, dy] }) => {
    const pixels = elements(y!.shape.slice(1));
    const dots = new Float64Array(pixels);
    y!.data.forEach((value, i) => (dots[i % pixels]! += value * dy!.data[i]!));
    return [y!.data.map((value, i) => value * (dy!.data[i]! - dots[i % pixels]!))];
  }),
});
