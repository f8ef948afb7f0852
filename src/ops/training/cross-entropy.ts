/** Losses of class indices: softmax and the logarithm of what it says of the right class, in one. */
import { inner } from "../inner.js";
import type { Operand, Operands, Primitive } from "../primitive.js";
import { channels, elements, type Shape } from "../shape.js";

export interface CrossEntropyAttrs {
  /** Whether there is a factor a class. */
  readonly weighted: boolean;
  /** Targets of this index cost nothing and count for nothing. */
  readonly ignore: number | undefined;
}

/** Of a class, a number a place: a vector's one target, an image's one a pixel. */
export const targetShape = (logits: Shape): Shape => logits.slice(1);

const roles = ([logits]: readonly Shape[], { weighted }: CrossEntropyAttrs) => ({
  smoothing: [1],
  ...(weighted ? { class_weights: [channels(logits!)] } : {}),
});

/**
 * PyTorch's cross_entropy, the mean over the places of a batch: with e the smoothing, w the factors
 * of C classes and p the softmax, a place of class t costs -(1 - e) * w[t] * log p[t] -
 * e / C * sum w[c] * log p[c], and the sum is divided by the sum of w[t]. Beside the loss it gives p,
 * and that sum.
 */
export const crossEntropy: Primitive<CrossEntropyAttrs> = inner<CrossEntropyAttrs>({
  name: "cross-entropy",
  infer: ([logits]) => [[1], logits!, [1]],
  results: () => [{ extent: "batch" }, {}, { extent: "batch" }],
  weights: roles,
  evaluate: (operands, attrs) => {
    const [logits] = operands.inputs as readonly [Operand];
    const p = new Float64Array(logits.data.length);
    let [loss, total] = [0, 0];
    eachPlace(operands, attrs, (place) => {
      const [most, sum] = normaliser(logits.data, place.members);
      for (const at of place.members) p[at] = Math.exp(logits.data[at]! - most) / sum;
      if (place.share === undefined) return;
      const { members, share } = place;
      members.forEach((at, c) => (loss -= share(c) * (logits.data[at]! - most - Math.log(sum))));
      total += place.weight;
    });
    return [Float64Array.of(loss / total), p, Float64Array.of(total)];
  },
  gradient: (b, { attrs, inputs: [, target], weights, outputs: [, p, total] }, [dy]) => ({
    inputs: [
      b.node(crossEntropyGradient, [p!, target!], attrs, { ...weights, total: total!, dy: dy! }),
    ],
  }),
});

/** From the softmax and the targets; the derivative of the loss goes by the role `dy`. */
export const crossEntropyGradient = inner<CrossEntropyAttrs>({
  name: "cross-entropy-gradient",
  infer: ([p]) => [p!],
  weights: (inputs, attrs) => ({ ...roles(inputs, attrs), total: [1], dy: [1] }),
  evaluate: (operands, attrs) => {
    const [p] = operands.inputs as readonly [Operand];
    const factor = operands.weights["dy"]!.data[0]! / operands.weights["total"]!.data[0]!;
    const dx = new Float64Array(p.data.length);
    eachPlace(operands, attrs, ({ members, share }) => {
      if (share === undefined) return;
      const all = members.reduce((sum, _, c) => sum + share(c), 0);
      members.forEach((at, c) => (dx[at] = factor * (p.data[at]! * all - share(c))));
    });
    return [dx];
  },
});

interface Place {
  /** Where its classes lie. */
  readonly members: readonly number[];
  /** What -log p of a class counts; undefined where the place is ignored. */
  readonly share: ((c: number) => number) | undefined;
  readonly weight: number;
}

function eachPlace(
  { inputs, weights }: Operands,
  { ignore }: CrossEntropyAttrs,
  visit: (place: Place) => void,
): void {
  const [x, target] = inputs as readonly [Operand, Operand];
  const [count, pixels] = [channels(x.shape), elements(x.shape.slice(1))];
  const e = weights["smoothing"]!.data[0]!;
  const factor = (c: number): number => weights["class_weights"]?.data[c] ?? 1;
  target.data.forEach((right, i) => {
    const from = Math.floor(i / pixels) * elements(x.shape) + (i % pixels);
    const members = Array.from({ length: count }, (_, c) => from + c * pixels);
    const share = (c: number): number =>
      (c === right ? (1 - e) * factor(c) : 0) + (e / count) * factor(c);
    visit({ members, weight: factor(right), share: right === ignore ? undefined : share });
  });
}

/** The largest of them, and the sum of the exponentials of what they are above it. */
function normaliser(
  data: Float64Array,
  members: readonly number[],
): readonly [most: number, sum: number] {
  const most = members.reduce((so, at) => Math.max(so, data[at]!), -Infinity);
  return [most, members.reduce((sum, at) => sum + Math.exp(data[at]! - most), 0)];
}
