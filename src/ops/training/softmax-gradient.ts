import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import { type DistributionAttrs, eachLine, formatDistribution } from "../softmax-attrs.js";

/**
 * From y and dy, the sums over what a distribution is over: dx = y * (dy - sum(y * dy)), and of
 * logarithms dx = dy - exp(y) * sum(dy).
 */
export const softmaxGradient = inner<DistributionAttrs>({
  name: "softmax-gradient",
  inPlace: true,
  infer: ([y]) => [y!],
  format: formatDistribution,
  evaluate: perImage(({ inputs: [y, dy] }, { log, ...attrs }) => {
    const dx = new Float64Array(y!.data.length);
    eachLine(y!.shape, attrs, (places) => {
      const share = (i: number): number => (log ? Math.exp(y!.data[i]!) : y!.data[i]!);
      const sum = places.reduce((all, i) => all + (log ? 1 : share(i)) * dy!.data[i]!, 0);
      for (const i of places)
        dx[i] = log ? dy!.data[i]! - share(i) * sum : share(i) * (dy!.data[i]! - sum);
    });
    return [dx];
  }),
});
