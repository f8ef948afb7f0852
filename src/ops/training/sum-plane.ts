import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import { channels, elements } from "../shape.js";

/** The sum of each channel over height and width: what a spread operand gets back. */
export const sumPlane = inner({
  name: "sum-plane",
  operands: "one",
  infer: ([input]) => [[channels(input!), 1, 1]],
  evaluate: perImage(({ inputs: [x] }) => {
    const pixels = elements(x!.shape.slice(1));
    const sums = new Float64Array(channels(x!.shape));
    x!.data.forEach((value, i) => (sums[Math.floor(i / pixels)]! += value));
    return [sums];
  }),
});
