/**
 * What is made of the table of activations: the words of `act:`, the operators and primitives, what
 * convolutions take in, ONNX, and the ranges of outputs. `npm run generate` writes the C++ of each
 * row, native/layers/activations.hpp, which every target's kernels include.
 */
import {
  type Activation,
  type ActivationFacts,
  activationTable,
  type OnnxCall,
} from "./activation-table.js";
import { elementwise } from "./elementwise.js";
import { eachElement } from "./evaluate.js";
import { inner } from "./inner.js";
import type { OnnxNode } from "./onnx.js";
import type { ActivationAttrs } from "./onnx-reading/activations.js";
import { reads } from "./onnx-reading/reader.js";
import type { Primitive } from "./primitive.js";
import { firstRange, type Range } from "./range.js";
import { words } from "./window.js";

export type { Activation };

export const activations: Readonly<Record<Activation, ActivationFacts>> = activationTable;

/** In the order of the documentation and of the C++ enumeration. */
export const activationNames = Object.keys(activationTable) as readonly Activation[];

/** An activation as a layer applies it. */
export interface Applied extends ActivationAttrs {
  readonly activation: Activation;
}

/** As the attributes of a layer hold it, which may apply none. */
export interface MaybeApplied extends ActivationAttrs {
  readonly activation?: Activation | "none";
}

const factsOf = ({ activation = "none" }: MaybeApplied): ActivationFacts | undefined =>
  activation === "none" ? undefined : activations[activation];

/** The number that shapes it: the usual one where nothing is said, and 0 where there is none. */
const alphaOf = (applied: MaybeApplied): number =>
  applied.alpha ?? factsOf(applied)?.alpha?.absent ?? 0;

/** What it computes. */
export function functionOf(applied: MaybeApplied): (x: number) => number {
  const [facts, alpha] = [factsOf(applied), alphaOf(applied)];
  return facts === undefined ? (x) => x : (x) => facts.of(x, alpha);
}

/** The derivative, by x or by y as the table says. */
export function slopeOf(applied: MaybeApplied): (value: number) => number {
  const [facts, alpha] = [factsOf(applied), alphaOf(applied)];
  return facts === undefined ? () => 1 : (value) => facts.derivative.of(value, alpha);
}

/** `relu`, `leakyrelu 0.1`; empty where there is none. */
export const formatApplied = ({ activation = "none", alpha }: MaybeApplied): string =>
  activation === "none" ? "" : words(activation, alpha === undefined ? "" : `${alpha}`);

/** Whether two layers apply the same. */
export const sameApplied = (a: MaybeApplied, b: MaybeApplied): boolean =>
  factsOf(a) === factsOf(b) && alphaOf(a) === alphaOf(b);

/** What it makes of a range; a rectifier passes on what is not negative, sums and all. */
export function activatedRange(x: Range, applied: MaybeApplied): Range {
  const facts = factsOf(applied);
  if (facts === undefined) return x;
  const { low: least, high, rectifies = false } = facts;
  const low = typeof least === "number" ? least : least(alphaOf(applied));
  if (!rectifies) return { low, high };
  return x.low >= 0 ? x : { low, high: Math.max(low, x.high) };
}

/** From x or y, whichever the derivative is by, and dy. */
export const activationGradient = inner<Applied>({
  name: "activation-gradient",
  inPlace: true,
  infer: ([value]) => [value!],
  format: formatApplied,
  evaluate: ({ inputs: [value, dy] }, applied) => {
    const slope = slopeOf(applied);
    return [dy!.data.map((d, i) => d * slope(value!.data[i]!))];
  },
});

const primitiveOf = (name: Activation): Primitive<ActivationAttrs> => {
  const { onnx, tolerance, derivative } = activations[name];
  const by = (attrs: ActivationAttrs): Applied => ({ ...attrs, activation: name });
  return {
    ...elementwise<ActivationAttrs>({
      name,
      of: (x) => x,
      tolerance,
      format: ({ alpha }) => (alpha === undefined ? "" : `${alpha}`),
      range: (inputs, attrs) => activatedRange(firstRange(inputs), by(attrs)),
      gradient: (b, { attrs, inputs: [x], outputs: [y] }, [dy]) => {
        const value = derivative.by === "x" ? x! : y!;
        return { inputs: [b.node(activationGradient, [value, dy!], by(attrs))] };
      },
      onnx: {
        write: (node, attrs) => finish(node, onnx.write(alphaOf(by(attrs)), node.opset)),
        read: reads(onnx.read),
      },
    }),
    evaluate: (operands, attrs, n) => eachElement(functionOf(by(attrs)))(operands, attrs, n),
  };
};

/** Writes the call as the node's own, and those inside it before. */
function finish(node: OnnxNode, { op, of, attributes = {} }: OnnxCall): void {
  const operand = (each: OnnxCall["of"][number]): string => {
    if (each === "x") return node.inputs[0]?.name ?? "";
    if (typeof each === "number") return node.constant("number", [], Float32Array.of(each));
    return node.add(each.op, each.of.map(operand), floats(each.attributes));
  };
  node.finish(op, of.map(operand), floats(attributes));
}

const floats = (attributes: OnnxCall["attributes"] = {}) =>
  Object.fromEntries(Object.entries(attributes).map(([name, float]) => [name, { float }]));

/** By name; what `act:` builds. */
export const activationPrimitives = Object.fromEntries(
  activationNames.map((name) => [name, primitiveOf(name)]),
) as Readonly<Record<Activation, Primitive<ActivationAttrs>>>;

/** The activation that a primitive is. */
export const activationOf = ({ name }: Primitive): Activation | undefined =>
  activationNames.find((known) => known === name);

/** The activation that a node applies, if it is nothing else. */
export function appliedBy({
  primitive,
  attrs,
}: {
  readonly primitive: Primitive;
  readonly attrs: unknown;
}): Applied | undefined {
  const activation = activationOf(primitive);
  return activation && { ...(attrs as ActivationAttrs), activation };
}
