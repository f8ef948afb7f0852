/** Batch normalisation by the statistics of a batch, and its derivatives. */
import { formatApplied, functionOf, slopeOf } from "../activations.js";
import { learned, type NormTrainingAttrs } from "../batchnorm-attrs.js";
import { inner } from "../inner.js";
import type { Operand, Operands, Primitive } from "../primitive.js";
import { channels, elements } from "../shape.js";

/** Calls `visit` with each number's channel. */
function eachNumber(
  { shape, data }: Operand,
  visit: (x: number, c: number, i: number) => void,
): void {
  const pixels = elements(shape.slice(1));
  data.forEach((x, i) => visit(x, Math.floor((i % elements(shape)) / pixels), i));
}

const sums = (x: Operand, of: (value: number, c: number, i: number) => number): Float64Array => {
  const result = new Float64Array(channels(x.shape));
  eachNumber(x, (value, c, i) => (result[c]! += of(value, c, i)));
  return result;
};

/** Numbers of one channel in the whole batch. */
const countOf = ({ shape, data }: Operand): number => data.length / channels(shape);

/**
 * Ioffe & Szegedy 2015, algorithm 1: y = (x - mean) / sqrt(variance + eps) * weight + bias, with mean
 * and (biased) variance of each channel over the batch. Beside y it gives the mean, 1 / sqrt(variance +
 * eps), and what the running statistics become: momentum is the weight of the new ones, whose variance
 * is unbiased, as in PyTorch. An activation is applied to y alone.
 */
export const batchNormTraining: Primitive<NormTrainingAttrs> = inner<NormTrainingAttrs>({
  name: "batchnorm-training",
  inPlace: true,
  operands: "one",
  infer: ([input]) => [input!, ...Array.from({ length: 4 }, () => [channels(input!)])],
  results: () => [{}, ...Array.from({ length: 4 }, () => ({ extent: "batch" }) as const)],
  weights: ([input], attrs) => {
    const each = [channels(input!)];
    return {
      ...learned(attrs, { weight: each, bias: each }),
      running_mean: each,
      running_var: each,
    };
  },
  format: formatApplied,
  evaluate: ({ inputs: [x], weights }, { eps, momentum, ...attrs }) => {
    const activated = functionOf(attrs);
    const count = countOf(x!);
    // What one number deviates says nothing; PyTorch refuses it too.
    if (count === 1) throw new RangeError("a norm needs more than one value a channel to train");
    const mean = sums(x!, (value) => value / count);
    const variance = sums(x!, (value, c) => (value - mean[c]!) ** 2 / count);
    const inverse = variance.map((each) => 1 / Math.sqrt(each + eps));
    const y = new Float64Array(x!.data.length);
    eachNumber(x!, (value, c, i) => {
      const unit = (value - mean[c]!) * inverse[c]!;
      const normal = unit * (weights["weight"]?.data[c] ?? 1) + (weights["bias"]?.data[c] ?? 0);
      y[i] = activated(normal);
    });
    const running = (role: string, fresh: Float64Array): Float64Array =>
      weights[role]!.data.map((old, c) => (1 - momentum) * old + momentum * fresh[c]!);
    const unbiased = variance.map((each) => (each * count) / (count - 1));
    return [y, mean, inverse, running("running_mean", mean), running("running_var", unbiased)];
  },
  gradient: (b, { attrs, inputs: [x], weights, outputs: [, mean, inverse] }, [dy]) => {
    const { weight, bias } = weights;
    const read = {
      ...(weight && { weight }),
      ...(bias && attrs.activation !== undefined && { bias }),
    };
    const roles = { ...read, mean: mean!, inverse: inverse! };
    const [dx, dweight, dbias] = b.nodes(batchNormGradient, [x!, dy!], attrs, roles);
    return { inputs: [dx], weights: learned(attrs, { weight: dweight!, bias: dbias! }) };
  },
});

const gradientRoles = (
  [x]: readonly (readonly number[])[],
  { scale, shift, activation }: NormTrainingAttrs,
) => {
  const each = [channels(x!)];
  const read = learned(
    { scale, shift: shift && activation !== undefined },
    { weight: each, bias: each },
  );
  return { ...read, mean: each, inverse: each };
};

const unit = ({ weights }: Operands, x: number, c: number): number =>
  (x - weights["mean"]!.data[c]!) * weights["inverse"]!.data[c]!;

/** What dy is before the activation: its derivative is by y, which is computed again. */
function throughActivation(operands: Operands, attrs: NormTrainingAttrs): Operand {
  const { inputs, weights } = operands;
  const [x, dy] = inputs as readonly [Operand, Operand];
  if (attrs.activation === undefined) return dy;
  const [of, slope] = [functionOf(attrs), slopeOf(attrs)];
  const data = new Float64Array(dy.data.length);
  eachNumber(x, (value, c, i) => {
    const factor = weights["weight"]?.data[c] ?? 1;
    const normal = unit(operands, value, c) * factor + (weights["bias"]?.data[c] ?? 0);
    data[i] = dy.data[i]! * slope(of(normal));
  });
  return { shape: dy.shape, data };
}

/** From x and dy: by x, through the statistics too, by the weight and by the bias. */
export const batchNormGradient = inner<NormTrainingAttrs>({
  name: "batchnorm-gradient",
  inPlace: true,
  infer: ([x]) => [x!, [channels(x!)], [channels(x!)]],
  results: () => [{}, { extent: "batch" }, { extent: "batch" }],
  weights: gradientRoles,
  format: formatApplied,
  evaluate: (operands, attrs) => {
    const { inputs, weights } = operands;
    const [x] = inputs as readonly [Operand, Operand];
    const dy = throughActivation(operands, attrs);
    const count = countOf(x);
    const dweight = sums(x, (value, c, i) => dy.data[i]! * unit(operands, value, c));
    const dbias = sums(dy, (value) => value);
    const dx = new Float64Array(x.data.length);
    eachNumber(x, (value, c, i) => {
      const factor = (weights["weight"]?.data[c] ?? 1) * weights["inverse"]!.data[c]!;
      const shared = dbias[c]! + unit(operands, value, c) * dweight[c]!;
      dx[i] = factor * (dy.data[i]! - shared / count);
    });
    return [dx, dweight, dbias];
  },
});
