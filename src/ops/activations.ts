/**
 * The activations, one row each: functions of each element alone. The words of `act:`, the operators
 * and primitives, what convolutions take in, ONNX, the ranges of outputs, and
 * native/layers/activations.hpp (`npm run generate`), which every target's kernels include, follow
 * from this table.
 */
import type { Operator } from "./operator.js";
import { elementwise, elementwiseOperator, type NoAttrs } from "./elementwise.js";
import { inner } from "./inner.js";
import type { OnnxForm, OnnxNode } from "./onnx.js";
import { alone, type NodeReader, reads } from "./onnx-reading/reader.js";
import type { Primitive } from "./primitive.js";
import { firstRange, type Range } from "./range.js";

/** NaN goes through all of them. */
export interface ActivationFacts {
  /** The formula, as the documentation gives it. */
  readonly doc: string;
  readonly of: (x: number) => number;
  /** dy/dx in terms of x or of y, whichever is cheaper to keep for training. */
  readonly derivative: ActivationDerivative;
  /** What values it can give. */
  readonly low: number;
  readonly high: number;
  /** The formula in C++ over `float x`, with what <cmath> has on a host and on a GPU. */
  readonly cpp: string;
  /** Its cudnnPointwiseMode_t after `CUDNN_POINTWISE_`; without one a kernel of ours applies it. */
  readonly cudnn?: string;
  readonly onnx: ActivationInOnnx;
  /** Largest relative L2 difference to an independent engine in f32. */
  readonly tolerance: number;
}

interface ActivationDerivative {
  readonly by: "x" | "y";
  readonly of: (value: number) => number;
  /** The formula in C++ over `float v`. */
  readonly cpp: string;
}

interface ActivationInOnnx {
  readonly write: OnnxCall;
  /** Operators that are it, each with the attributes that it has to have. */
  readonly read: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A call of an ONNX operator; its operands are the input, `x`, or other calls. */
export interface OnnxCall {
  readonly op: string;
  readonly of: readonly ("x" | OnnxCall)[];
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const table = {
  relu: {
    doc: "max(x, 0); NaN stays NaN.",
    of: (x) => (x < 0 ? 0 : x),
    derivative: { by: "y", of: (y) => (y <= 0 ? 0 : 1), cpp: "v <= 0 ? 0.0f : 1.0f" },
    low: 0,
    high: Infinity,
    cpp: "x < 0 ? 0.0f : x",
    cudnn: "RELU_FWD",
    onnx: { write: { op: "Relu", of: ["x"] }, read: { Relu: {} } },
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
    onnx: { write: { op: "Sigmoid", of: ["x"] }, read: { Sigmoid: {} } },
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
    onnx: { write: { op: "Tanh", of: ["x"] }, read: { Tanh: {} } },
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
      write: { op: "Mul", of: ["x", { op: "Sigmoid", of: ["x"] }] },
      read: { Swish: { alpha: 1 } },
    },
    tolerance: 1e-6,
  },
} as const satisfies Readonly<Record<string, ActivationFacts>>;

/** What a layer can apply to its result. */
export type Activation = keyof typeof table;

export const activations: Readonly<Record<Activation, ActivationFacts>> = table;

/** In the order of the documentation and of the C++ enumeration. */
export const activationNames = Object.keys(table) as readonly Activation[];

/** What an activation makes of a range; a rectifier passes on what is not negative, sums and all. */
export function activatedRange(x: Range, activation: Activation | "none"): Range {
  if (activation === "none" || (activation === "relu" && x.low >= 0)) return x;
  const { low, high } = activations[activation];
  return activation === "relu" ? { low, high: Math.max(low, x.high) } : { low, high };
}

/** From x or y, whichever the derivative is by, and dy. */
export const activationGradient = inner<{ readonly activation: Activation }>({
  name: "activation-gradient",
  inPlace: true,
  infer: ([value]) => [value!],
  format: ({ activation }) => activation,
  evaluate: ({ inputs: [value, dy] }, { activation }) => {
    const { derivative } = activations[activation];
    return [dy!.data.map((d, i) => d * derivative.of(value!.data[i]!))];
  },
});

const primitiveOf = (name: Activation): Primitive<NoAttrs> => {
  const { of, onnx, tolerance, derivative } = activations[name];
  const range: Primitive["range"] = (inputs) => activatedRange(firstRange(inputs), name);
  const gradient: Primitive["gradient"] = (b, { inputs: [x], outputs: [y] }, [dy]) => {
    const value = derivative.by === "x" ? x! : y!;
    return { inputs: [b.node(activationGradient, [value, dy!], { activation: name })] };
  };
  return elementwise<NoAttrs>({ name, of, tolerance, range, gradient, onnx: formOf(onnx) });
};

const formOf = ({ write, read }: ActivationInOnnx): OnnxForm<NoAttrs> => ({
  write: (node) => finish(node, write),
  read: reads(
    Object.fromEntries(
      Object.entries(read).map(([op, attributes]) => [op, alone(having(attributes))]),
    ),
  ),
});

const having =
  (attributes: Readonly<Record<string, number>>) =>
  (node: NodeReader): NoAttrs => {
    for (const [name, value] of Object.entries(attributes)) {
      node.only(name, value, `here it is ${value}`);
    }
    return {};
  };

/** Writes the call as the node's own, and those inside it before. */
function finish(node: OnnxNode, { op, of }: OnnxCall): void {
  const operand = (each: "x" | OnnxCall): string =>
    each === "x" ? (node.inputs[0]?.name ?? "") : node.add(each.op, each.of.map(operand));
  node.finish(op, of.map(operand));
}

/** By name; what `act:` builds. */
export const activationPrimitives = Object.fromEntries(
  activationNames.map((name) => [name, primitiveOf(name)]),
) as Readonly<Record<Activation, Primitive<NoAttrs>>>;

export const activationOperators: readonly Operator<unknown>[] = activationNames.map((name) =>
  elementwiseOperator(activationPrimitives[name], activations[name].doc),
);

/** The activation that a primitive is. */
export const activationOf = ({ name }: Primitive): Activation | undefined =>
  activationNames.find((known) => known === name);
