/** Losses of numbers against numbers of the same shape: means over all elements of a batch. */
import { inner } from "../inner.js";
import type { Operand, Primitive } from "../primitive.js";

interface LossFacts {
  readonly name: string;
  /** What an element costs, and the derivative of that by x. */
  readonly cost: (x: number, target: number) => number;
  readonly derivative: (x: number, target: number) => number;
}

interface NumericLoss {
  readonly loss: Primitive<object>;
  readonly gradient: Primitive<object>;
}

function numericLoss({ name, cost, derivative }: LossFacts): NumericLoss {
  /** From x and the targets; the derivative of the loss goes by the role `dy`. */
  const gradient = inner({
    name: `${name}-gradient`,
    infer: ([x]) => [x!],
    weights: () => ({ dy: [1] }),
    evaluate: ({ inputs, weights }) => {
      const [x, target] = inputs as readonly [Operand, Operand];
      const factor = weights["dy"]!.data[0]! / x.data.length;
      return [x.data.map((value, i) => factor * derivative(value, target.data[i]!))];
    },
  });
  const loss = inner({
    name,
    infer: () => [[1]],
    results: () => [{ extent: "batch" }],
    evaluate: ({ inputs }) => {
      const [x, target] = inputs as readonly [Operand, Operand];
      const sum = x.data.reduce((so, value, i) => so + cost(value, target.data[i]!), 0);
      return [Float64Array.of(sum / x.data.length)];
    },
    gradient: (b, { inputs: [x, target] }, [dy]) => ({
      inputs: [b.node(gradient, [x!, target!], {}, { dy: dy! })],
    }),
  });
  return { loss, gradient };
}

export const { loss: meanSquaredError, gradient: meanSquaredErrorGradient } = numericLoss({
  name: "mean-squared-error",
  cost: (x, target) => (x - target) ** 2,
  derivative: (x, target) => 2 * (x - target),
});

/** PyTorch's binary_cross_entropy_with_logits: x is taken before a sigmoid; exact for any x. */
export const { loss: sigmoidCrossEntropy, gradient: sigmoidCrossEntropyGradient } = numericLoss({
  name: "sigmoid-cross-entropy",
  cost: (x, target) => Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x))),
  derivative: (x, target) => 1 / (1 + Math.exp(-x)) - target,
});
