/**
 * How parameters follow their gradients: one row an optimizer, a function of each element alone, as
 * PyTorch 2 computes it. All parameters of a network lie one after the other in one vector, and so do
 * their gradients and moments; a segment a parameter says what counts for it.
 */
import { inner } from "../inner.js";
import type { Operand, Primitive } from "../primitive.js";

export interface Segment {
  /** Elements of the parameter, and those with the padding after it, which stays as it is. */
  readonly count: number;
  readonly padded: number;
  /** Factors on the learning rate, 0 where the parameter is frozen, and on the weight decay. */
  readonly rate: number;
  readonly decay: number;
}

export interface UpdateAttrs {
  readonly segments: readonly Segment[];
}

/** Numbers of the run. `rate` and `decay` have the segment's factors in them; `step` starts at 1. */
export type Numbers = Readonly<Record<string, number>>;

/** What one element becomes, and its moments. */
type Update = (
  p: number,
  g: number,
  moments: readonly number[],
  n: Numbers,
) => readonly [p: number, ...moments: number[]];

interface OptimizerFacts {
  /** What it keeps of each element from one step to the next, 0 at first. */
  readonly moments: readonly string[];
  /** Numbers of the run besides `rate` and `decay`, and what they are unless said. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly update: Update;
}

/** Kingma & Ba 2015, algorithm 1; epsilon is added to the root, which is corrected first. */
const adapted = (g: number, [m, v]: readonly [number, number], n: Numbers) => {
  const { beta1, beta2, eps, step } = n as Readonly<
    Record<"beta1" | "beta2" | "eps" | "step", number>
  >;
  const moments = [beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g] as const;
  const root = Math.sqrt(moments[1] / (1 - beta2 ** step));
  return { moments, direction: moments[0] / (1 - beta1 ** step) / (root + eps) };
};

const adamNumbers = { beta1: 0.9, beta2: 0.999, eps: 1e-8, step: 1 };

const table = {
  /** Sutskever et al. 2013; with `nesterov` the step looks ahead by the momentum. */
  sgd: {
    moments: ["momentum"],
    numbers: { momentum: 0, nesterov: 0 },
    update: (p, g, [velocity = 0], n) => {
      const slope = g + n["decay"]! * p;
      const next = n["momentum"]! * velocity + slope;
      const direction = n["nesterov"] === 1 ? slope + n["momentum"]! * next : next;
      return [p - n["rate"]! * direction, next];
    },
  },
  adam: {
    moments: ["mean", "square"],
    numbers: adamNumbers,
    update: (p, g, [m = 0, v = 0], n) => {
      const { moments, direction } = adapted(g + n["decay"]! * p, [m, v], n);
      return [p - n["rate"]! * direction, ...moments];
    },
  },
  /** Loshchilov & Hutter 2019: the decay is of the parameter, not of the gradient. */
  adamw: {
    moments: ["mean", "square"],
    numbers: adamNumbers,
    update: (p, g, [m = 0, v = 0], n) => {
      const { moments, direction } = adapted(g, [m, v], n);
      return [p * (1 - n["rate"]! * n["decay"]!) - n["rate"]! * direction, ...moments];
    },
  },
  /** Hinton 2012, lecture 6; epsilon is added to the root. */
  rmsprop: {
    moments: ["square", "momentum"],
    numbers: { alpha: 0.99, eps: 1e-8, momentum: 0 },
    update: (p, g, [square = 0, velocity = 0], n) => {
      const slope = g + n["decay"]! * p;
      const mean = n["alpha"]! * square + (1 - n["alpha"]!) * slope * slope;
      const next = n["momentum"]! * velocity + slope / (Math.sqrt(mean) + n["eps"]!);
      return [p - n["rate"]! * next, mean, next];
    },
  },
} as const satisfies Readonly<Record<string, OptimizerFacts>>;

export type OptimizerName = keyof typeof table;

export const optimizers: Readonly<Record<OptimizerName, OptimizerFacts>> = table;

export const optimizerNames = Object.keys(table) as readonly OptimizerName[];

/**
 * From the parameters, their gradients and each moment, in this order, what all but the gradients
 * become. Numbers of the run go by their roles.
 */
export const updatePrimitive = (name: OptimizerName): Primitive<UpdateAttrs> => {
  const { moments, numbers, update } = optimizers[name];
  const roles = ["rate", "decay", ...Object.keys(numbers)];
  return inner<UpdateAttrs>({
    name: `update-${name}`,
    infer: ([parameters]) => [parameters!, ...moments.map(() => parameters!)],
    weights: () => Object.fromEntries(roles.map((role) => [role, [1]])),
    format: ({ segments }) => `${segments.length} segments`,
    evaluate: ({ inputs, weights }, { segments }) => {
      const [parameters, gradients, ...kept] = inputs as readonly [Operand, Operand, ...Operand[]];
      const results = [parameters, ...kept].map(({ data }) => Float64Array.from(data));
      const given = Object.fromEntries(roles.map((role) => [role, weights[role]!.data[0]!]));
      eachElement(segments, (at, { rate, decay }) => {
        const own = { ...given, rate: given["rate"]! * rate, decay: given["decay"]! * decay };
        const before = kept.map(({ data }) => data[at]!);
        const after = update(parameters.data[at]!, gradients.data[at]!, before, own);
        after.forEach((value, i) => (results[i]![at] = value));
      });
      return results;
    },
  });
};

/**
 * By which factor gradients are multiplied so that their norm over all parameters is at most `most`,
 * as PyTorch's clip_grad_norm_, and that norm. Squares are added up in chunks of a fixed size, so that
 * the sum does not hang on how the work is shared.
 */
export const clipFactor = inner<UpdateAttrs>({
  name: "clip-factor",
  infer: () => [[1], [1]],
  weights: () => ({ most: [1] }),
  evaluate: ({ inputs: [gradients], weights }, { segments }) => {
    const squares: number[] = [];
    eachElement(segments, (at) => squares.push(gradients!.data[at]! ** 2));
    const norm = Math.sqrt(sumOf(chunksOf(squares).map(sumOf)));
    return [
      Float64Array.of(Math.min(1, weights["most"]!.data[0]! / (norm + 1e-6))),
      Float64Array.of(norm),
    ];
  },
});

const chunk = 4096;

const chunksOf = (values: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(values.length / chunk) }, (_, i) =>
    values.slice(i * chunk, (i + 1) * chunk),
  );

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** An average that follows parameters and states: decay * average + (1 - decay) * parameter. */
export const movingAverage = inner({
  name: "moving-average",
  infer: ([average]) => [average!],
  weights: () => ({ decay: [1] }),
  evaluate: ({ inputs: [average, parameters], weights }) => {
    const decay = weights["decay"]!.data[0]!;
    return [average!.data.map((value, at) => decay * value + (1 - decay) * parameters!.data[at]!)];
  },
});

/** The elements of all segments, padding left out. */
function eachElement(
  segments: readonly Segment[],
  visit: (at: number, segment: Segment) => void,
): void {
  let start = 0;
  for (const segment of segments) {
    for (let i = 0; i < segment.count; i++) visit(start + i, segment);
    start += segment.padded;
  }
}
