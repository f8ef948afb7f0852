import { inner } from "../inner.js";
import { channels, elements } from "../shape.js";

/** The sum of each channel over the plane and the images of a batch: a bias's gradient. */
export const sumChannels = inner({
  name: "sum-channels",
  operands: "one",
  infer: ([input]) => [[channels(input!)]],
  results: () => [{ extent: "batch" }],
  evaluate: ({ inputs: [x] }) => {
    const { shape, data } = x!;
    const pixels = elements(shape.slice(1));
    const sums = new Float64Array(channels(shape));
    data.forEach((value, i) => (sums[Math.floor((i % elements(shape)) / pixels)]! += value));
    return [sums];
  },
});
