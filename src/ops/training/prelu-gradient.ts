import { inner } from "../inner.js";
import { formatPRelu, type PReluAttrs, slopeShape } from "../prelu-attrs.js";
import { elements } from "../shape.js";

/**
 * From x and dy: dx = dy where x > 0, else slope * dy; and by each slope the sum of dy * x where x <= 0,
 * over what it is the slope of.
 */
export const preluGradient = inner<PReluAttrs>({
  name: "prelu-gradient",
  inPlace: true,
  infer: ([x], attrs) => [x!, slopeShape(x!, attrs)],
  results: () => [{}, { extent: "batch" }],
  weights: ([x], attrs) => ({ weight: slopeShape(x!, attrs) }),
  format: formatPRelu,
  evaluate: ({ inputs: [x, dy], weights: { weight: slope } }, { shared }) => {
    const pixels = elements(x!.shape.slice(1));
    const dslope = new Float64Array(slope!.data.length);
    const dx = dy!.data.map((d, i) => {
      const c = shared ? 0 : Math.floor((i % elements(x!.shape)) / pixels);
      const value = x!.data[i]!;
      if (value > 0) return d;
      dslope[c]! += d * value;
      return d * slope!.data[c]!;
    });
    return [dx, dslope];
  },
});
