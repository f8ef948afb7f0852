import type { BatchNormAttrs } from "../batchnorm-attrs.js";
import { inner } from "../inner.js";
import type { Operand } from "../primitive.js";
import { channels, elements } from "../shape.js";

/**
 * From x and dy, of a norm whose statistics stay as they are: dx = dy * weight / sqrt(variance + eps),
 * and the derivatives by the weight and by the bias.
 */
export const batchNormFrozenGradient = inner<BatchNormAttrs>({
  name: "batchnorm-frozen-gradient",
  inPlace: true,
  infer: ([x]) => [x!, [channels(x!)], [channels(x!)]],
  results: () => [{}, { extent: "batch" }, { extent: "batch" }],
  weights: ([x], { scale }) => {
    const each = [channels(x!)];
    return { ...(scale ? { weight: each } : {}), running_mean: each, running_var: each };
  },
  evaluate: ({ inputs, weights }, { eps }) => {
    const [x, dy] = inputs as readonly [Operand, Operand];
    const pixels = elements(x.shape.slice(1));
    const inverse = weights["running_var"]!.data.map((each) => 1 / Math.sqrt(each + eps));
    const [dweight, dbias] = [inverse.map(() => 0), inverse.map(() => 0)];
    const dx = dy.data.map((d, i) => {
      const c = Math.floor((i % elements(x.shape)) / pixels);
      dweight[c]! += d * (x.data[i]! - weights["running_mean"]!.data[c]!) * inverse[c]!;
      dbias[c]! += d;
      return d * (weights["weight"]?.data[c] ?? 1) * inverse[c]!;
    });
    return [dx, dweight, dbias];
  },
});
