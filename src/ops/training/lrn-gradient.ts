import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import type { LrnAttrs } from "../lrn-attrs.js";
import { elements } from "../shape.js";

/**
 * From x and dy. With s = k + alpha / size * sum x^2, y = x * s ^ -beta:
 * dx[c] = dy[c] * s[c] ^ -beta - 2 * alpha * beta / size * x[c] * sum (dy * x * s ^ (-beta - 1)), the
 * sum over the channels in whose window c lies, which are those in the window of c.
 */
export const lrnGradient = inner<LrnAttrs>({
  name: "lrn-gradient",
  infer: ([x]) => [x!],
  evaluate: perImage(({ inputs: [x, dy] }, { size, alpha, beta, k }) => {
    const { shape, data } = x!;
    const [pixels, reach] = [elements(shape.slice(1)), (size - 1) / 2];
    const around = (i: number, of: (at: number) => number): number => {
      let sum = 0;
      for (let d = -reach; d <= reach; d++) {
        const at = i + d * pixels;
        if (at >= 0 && at < data.length) sum += of(at);
      }
      return sum;
    };
    const s = data.map((_, i) => k + (alpha / size) * around(i, (at) => data[at]! ** 2));
    const shared = data.map((value, i) => dy!.data[i]! * value * s[i]! ** (-beta - 1));
    const factor = (2 * alpha * beta) / size;
    return [
      data.map(
        (value, i) =>
          dy!.data[i]! * s[i]! ** -beta - factor * value * around(i, (at) => shared[at]!),
      ),
    ];
  }),
});
