/** What primitives that look at each element alone, or change none, have in common. */
import { eachElement } from "./evaluate.js";
import type { OnnxForm } from "./onnx.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { noArguments } from "./signature.js";
import { spelling } from "./spelling.js";

export type NoAttrs = Readonly<Record<string, never>>;

interface Elementwise<A> {
  readonly name: string;
  readonly of: (x: number) => number;
  readonly onnx: OnnxForm<A>;
  readonly tolerance: number;
  readonly range: Primitive<A>["range"];
  readonly format?: (attrs: A) => string;
  readonly gradient?: NonNullable<Primitive<A>["gradient"]>;
}

/** It neither has weights nor multiplies. */
export const elementwise = <A = NoAttrs>({
  of,
  format = () => "",
  ...facts
}: Elementwise<A>): Primitive<A> => ({
  ...facts,
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format,
  inPlace: true,
  evaluate: eachElement(of),
});

/** One that passes everything through, at inference. */
export const passThrough = <A = NoAttrs>(
  name: string,
  onnx: OnnxForm<A>,
  format?: (attrs: A) => string,
): Primitive<A> => ({
  ...elementwise<A>({
    name,
    of: (x) => x,
    onnx,
    tolerance: 0,
    range: firstRange,
    ...(format && { format }),
    // What goes through comes back through.
    gradient: (_, __, [dy]) => ({ inputs: [dy] }),
  }),
  inPlace: false,
  passesOn: () => true,
});

/** The rules of an operator that keeps every shape and has no parameters. */
export const elementwiseRules = (
  name: string,
  doc: string,
  linearity: "nonlinear" | "transparent" = "nonlinear",
): Omit<Operator<unknown>, "signature" | "build" | "spelling"> => ({
  name,
  doc,
  linearity: () => linearity,
  shape: (input) => input,
  traces: ({ traces }) => traces,
  parameters: () => [],
});

/** The operator that builds such a primitive, or one of a whole pixel. */
export const elementwiseOperator = (
  primitive: Primitive<NoAttrs>,
  doc: string,
  linearity?: "nonlinear" | "transparent",
): Operator<unknown> => ({
  ...elementwiseRules(primitive.name, doc, linearity),
  signature: noArguments,
  spelling: spelling(primitive),
  build: (b, x) => b.node(primitive, [x], {}),
});
