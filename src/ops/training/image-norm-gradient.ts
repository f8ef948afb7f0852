import { perImage } from "../evaluate.js";
import { type CentredAttrs, eachTogether, formatImageNorm } from "../image-norm-attrs.js";
import { inner } from "../inner.js";
import { channels, elements } from "../shape.js";

/**
 * By x, from x and dy. With u = (x - mean) * inverse and g = dy * weight, means and sums over the numbers
 * that share statistics: dx = inverse * (g - mean(g) - u * mean(g * u)); of one that is not centred
 * dx = inverse * (g - u * sum(g * u)).
 */
export const imageNormGradient = inner<CentredAttrs>({
  name: "image-norm-gradient",
  inPlace: true,
  infer: ([x]) => [x!],
  weights: ([x], { scale }) => (scale ? { weight: [channels(x!)] } : {}),
  format: formatImageNorm,
  evaluate: perImage(({ inputs: [x, dy], weights: { weight } }, attrs) => {
    const pixels = elements(x!.shape.slice(1));
    const dx = new Float64Array(x!.data.length);
    eachTogether(x!, attrs, ({ places, units, inverse }) => {
      const given = places.map(
        (at) => dy!.data[at]! * (weight?.data[Math.floor(at / pixels)] ?? 1),
      );
      const count = attrs.centred ? places.length : 1;
      const mean = attrs.centred ? given.reduce((all, g) => all + g, 0) / count : 0;
      const along = given.reduce((all, g, i) => all + g * units[i]!, 0) / count;
      places.forEach((at, i) => {
        dx[at] = inverse * (given[i]! - mean - units[i]! * along);
      });
    });
    return [dx];
  }),
});
