/**
 * The activations, one row each: functions of each element alone, some with one number of their own.
 * What is made of a row stands in `activations.ts`.
 */
import { erf } from "./erf.js";
import { notNegative } from "./kinds.js";
import {
  clipped,
  geluForm,
  having,
  withAlpha,
  type ActivationReader,
} from "./onnx-reading/activations.js";
import type { Kind } from "./signature.js";

/** NaN goes through all of them. */
export interface ActivationFacts {
  /** The formula, as the documentation gives it. */
  readonly doc: string;
  /** The number that shapes it: one for the whole layer, and never a weight. */
  readonly alpha?: ActivationNumber;
  readonly of: (x: number, alpha: number) => number;
  /** dy/dx in terms of x or of y, whichever is cheaper to keep for training. */
  readonly derivative: ActivationDerivative;
  /** What values it can give; the least may hang on its number. */
  readonly low: number | ((alpha: number) => number);
  readonly high: number;
  /** Whether it passes on what is not negative, and makes nothing above 0 of the rest. */
  readonly rectifies?: true;
  /** Whether each number stays as it is, or becomes a bound: before a max it does what it does after. */
  readonly clamps?: true;
  /** The formula in C++ over `float x` and `float alpha`, with what <cmath> has on a host and on a GPU. */
  readonly cpp: string;
  /** Its cudnnPointwiseMode_t after `CUDNN_POINTWISE_`; without one a kernel of ours applies it. */
  readonly cudnn?: string;
  readonly onnx: ActivationInOnnx;
  /** Largest relative L2 difference to an independent engine in f32. */
  readonly tolerance: number;
}

interface ActivationNumber {
  /** What a spec calls it. */
  readonly name: string;
  readonly kind: Kind<number>;
  readonly absent: number;
  readonly doc: string;
}

interface ActivationDerivative {
  readonly by: "x" | "y";
  readonly of: (value: number, alpha: number) => number;
  /** The formula in C++ over `float v` and `float alpha`. */
  readonly cpp: string;
}

interface ActivationInOnnx {
  readonly write: (alpha: number, opset: number) => OnnxCall;
  /** By the operator's name, what of such a node is it. */
  readonly read: Readonly<Record<string, ActivationReader>>;
}

/** A call of an ONNX operator; its operands are the input, `x`, constants of one number, or other calls. */
export interface OnnxCall {
  readonly op: string;
  readonly of: readonly ("x" | number | OnnxCall)[];
  /** All of them are floats. */
  readonly attributes?: Readonly<Record<string, number>>;
}

const call = (
  op: string,
  of: OnnxCall["of"] = ["x"],
  attributes: Readonly<Record<string, number>> = {},
): OnnxCall => ({ op, of, attributes });

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** NaN stays. */
const clamped = (x: number, most: number): number => (x < 0 ? 0 : x > most ? most : x);

/** The tanh form's operand, and its slope. */
const curve = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const curveSlope = (x: number): number => Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);

export const activationTable = {
  relu: {
    doc: "max(x, 0); NaN stays NaN.",
    of: (x) => (x < 0 ? 0 : x),
    derivative: { by: "y", of: (y) => (y <= 0 ? 0 : 1), cpp: "v <= 0 ? 0.0f : 1.0f" },
    low: 0,
    high: Infinity,
    rectifies: true,
    clamps: true,
    cpp: "x < 0 ? 0.0f : x",
    cudnn: "RELU_FWD",
    onnx: { write: () => call("Relu"), read: { Relu: having({}), Clip: clipped(0, Infinity) } },
    tolerance: 0,
  },
  sigmoid: {
    doc: "1 / (1 + exp(-x)).",
    of: logistic,
    derivative: { by: "y", of: (y) => y * (1 - y), cpp: "v * (1.0f - v)" },
    low: 0,
    high: 1,
    cpp: "1.0f / (1.0f + expf(-x))",
    cudnn: "SIGMOID_FWD",
    onnx: { write: () => call("Sigmoid"), read: { Sigmoid: having({}) } },
    tolerance: 1e-6,
  },
  tanh: {
    doc: "The hyperbolic tangent.",
    of: Math.tanh,
    derivative: { by: "y", of: (y) => 1 - y * y, cpp: "1.0f - v * v" },
    low: -1,
    high: 1,
    cpp: "tanhf(x)",
    cudnn: "TANH_FWD",
    onnx: { write: () => call("Tanh"), read: { Tanh: having({}) } },
    tolerance: 1e-6,
  },
  silu: {
    doc: "x / (1 + exp(-x)): also called swish (Elfwing et al., 2017).",
    of: (x) => x * logistic(x),
    derivative: {
      by: "x",
      of: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
      cpp: "(1.0f + v * (1.0f - 1.0f / (1.0f + expf(-v)))) / (1.0f + expf(-v))",
    },
    low: -0.27846454276107,
    high: Infinity,
    cpp: "x / (1.0f + expf(-x))",
    cudnn: "SWISH_FWD",
    onnx: {
      write: () => call("Mul", ["x", call("Sigmoid")]),
      read: { Swish: having({ alpha: 1 }) },
    },
    tolerance: 1e-6,
  },
  relu6: {
    doc: "min(max(x, 0), 6) (Howard et al., 2017).",
    of: (x) => clamped(x, 6),
    derivative: {
      by: "y",
      of: (y) => (y <= 0 || y >= 6 ? 0 : 1),
      cpp: "v <= 0 || v >= 6 ? 0.0f : 1.0f",
    },
    low: 0,
    high: 6,
    clamps: true,
    cpp: "clamped(x, 6.0f)",
    onnx: { write: () => call("Clip", ["x", 0, 6]), read: { Clip: clipped(0, 6) } },
    tolerance: 0,
  },
  leakyrelu: {
    doc: "x, or slope * x below 0 (Maas et al., 2013).",
    alpha: { name: "slope", kind: notNegative, absent: 0.01, doc: "The slope below 0." },
    of: (x, slope) => (x < 0 ? slope * x : x),
    derivative: { by: "y", of: (y, slope) => (y <= 0 ? slope : 1), cpp: "v <= 0 ? alpha : 1.0f" },
    low: (slope) => (slope === 0 ? 0 : -Infinity),
    high: Infinity,
    rectifies: true,
    cpp: "x < 0 ? alpha * x : x",
    onnx: {
      write: (alpha) => call("LeakyRelu", ["x"], { alpha }),
      read: { LeakyRelu: withAlpha(0.01) },
    },
    tolerance: 1e-7,
  },
  elu: {
    doc: "x, or alpha * (exp(x) - 1) below 0 (Clevert et al., 2015).",
    alpha: {
      name: "alpha",
      kind: notNegative,
      absent: 1,
      doc: "What it goes to below 0, negated.",
    },
    of: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x),
    derivative: {
      by: "y",
      of: (y, alpha) => (y <= 0 ? y + alpha : 1),
      cpp: "v <= 0 ? v + alpha : 1.0f",
    },
    low: (alpha) => -alpha,
    high: Infinity,
    rectifies: true,
    cpp: "x < 0 ? alpha * expm1f(x) : x",
    onnx: { write: (alpha) => call("Elu", ["x"], { alpha }), read: { Elu: withAlpha(1) } },
    tolerance: 1e-6,
  },
  gelu: {
    doc: "x / 2 * (1 + erf(x / sqrt(2))) (Hendrycks & Gimpel, 2016).",
    of: (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2)),
    derivative: {
      by: "x",
      of: (x) =>
        (1 + erf(x * Math.SQRT1_2)) / 2 + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
      cpp: "0.5f * (1.0f + erff(v * 0.707106781f)) + v * 0.398942280f * expf(-0.5f * v * v)",
    },
    low: -0.1699712074799038,
    high: Infinity,
    cpp: "0.5f * x * (1.0f + erff(x * 0.707106781f))",
    onnx: {
      write: () => {
        const erfOf = call("Erf", [call("Mul", ["x", Math.SQRT1_2])]);
        return call("Mul", [call("Mul", ["x", 0.5]), call("Add", [erfOf, 1])]);
      },
      read: { Gelu: geluForm("none") },
    },
    tolerance: 1e-6,
  },
  gelu_tanh: {
    doc: "x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))): the older form of gelu.",
    of: (x) => (x / 2) * (1 + Math.tanh(curve(x))),
    derivative: {
      by: "x",
      of: (x) => {
        const t = Math.tanh(curve(x));
        return ((1 + t) * (1 + x * (1 - t) * curveSlope(x))) / 2;
      },
      cpp:
        "0.5f * (1.0f + curved(v)) *\n" +
        "             (1.0f + v * (1.0f - curved(v)) * (0.797884561f + 0.107032224f * v * v))",
    },
    low: -0.1700407505712541,
    high: Infinity,
    cpp: "0.5f * x * (1.0f + curved(x))",
    onnx: {
      write: () => {
        const cube = call("Mul", [call("Mul", ["x", "x"]), "x"]);
        const sum = call("Add", ["x", call("Mul", [cube, 0.044715])]);
        const tanh = call("Tanh", [call("Mul", [sum, Math.sqrt(2 / Math.PI)])]);
        return call("Mul", [call("Mul", ["x", 0.5]), call("Add", [tanh, 1])]);
      },
      read: { Gelu: geluForm("tanh") },
    },
    tolerance: 1e-6,
  },
  hardsigmoid: {
    doc: "x / 6 + 1 / 2, cut off at 0 and 1, as PyTorch's; Keras before 3 divides by 5.",
    of: (x) => clamped(x / 6 + 0.5, 1),
    derivative: {
      by: "y",
      of: (y) => (y <= 0 || y >= 1 ? 0 : 1 / 6),
      cpp: "v <= 0 || v >= 1 ? 0.0f : 1.0f / 6.0f",
    },
    low: 0,
    high: 1,
    cpp: "clamped(x * (1.0f / 6.0f) + 0.5f, 1.0f)",
    onnx: {
      write: () => call("HardSigmoid", ["x"], { alpha: 1 / 6, beta: 0.5 }),
      read: { HardSigmoid: having({ alpha: 1 / 6, beta: 0.5 }, { alpha: 0.2, beta: 0.5 }) },
    },
    tolerance: 1e-6,
  },
  hardswish: {
    doc: "x * hardsigmoid(x) (Howard et al., 2019).",
    of: (x) => (x * clamped(x + 3, 6)) / 6,
    derivative: {
      by: "x",
      of: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
      cpp: "v <= -3 ? 0.0f : v < 3 ? v * (1.0f / 3.0f) + 0.5f : 1.0f",
    },
    low: -0.375,
    high: Infinity,
    cpp: "x * clamped(x + 3.0f, 6.0f) * (1.0f / 6.0f)",
    onnx: {
      write: (_, opset) =>
        opset < 14
          ? call("Mul", ["x", call("HardSigmoid", ["x"], { alpha: 1 / 6, beta: 0.5 })])
          : call("HardSwish"),
      read: { HardSwish: having({}) },
    },
    tolerance: 1e-6,
  },
} as const satisfies Readonly<Record<string, ActivationFacts>>;

/** What a layer can apply to its result. */
export type Activation = keyof typeof activationTable;
