/** How primitives say what they compute: the definitions in f64, lifted to batches. */
import { bug } from "../diagnostics/bug.js";
import type { Operand, Operands, Primitive } from "./primitive.js";
import { elements, plane, type Shape } from "./shape.js";

type Evaluate<A> = Primitive<A>["evaluate"];

/** The same for every image alone: `f` sees one image's operands and gives one array an output. */
export const perImage =
  <A>(f: (operands: Operands, attrs: A) => readonly Float64Array[]): Evaluate<A> =>
  (operands, attrs, n) => {
    const images = Array.from({ length: n }, (_, i) => f(image(operands, i), attrs));
    return (images[0] ?? []).map((_, output) =>
      joined(images.map((results) => results[output] ?? new Float64Array())),
    );
  };

const image = ({ inputs, weights }: Operands, index: number): Operands => ({
  inputs: inputs.map(({ shape, data }) => {
    const size = elements(shape);
    return { shape, data: data.subarray(index * size, (index + 1) * size) };
  }),
  weights,
});

/** One after another. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Cuts a result along its first dimension: an array a shape. */
export function cut(whole: Float64Array, shapes: readonly Shape[]): readonly Float64Array[] {
  let at = 0;
  return shapes.map((shape) => whole.subarray(at, (at += elements(shape))));
}

/** `f` of each element, whatever the shape. */
export const eachElement =
  (f: (x: number) => number): Evaluate<unknown> =>
  ({ inputs }) => [first(inputs).data.map(f)];

/** `f` of each element of an image and its channel. */
export const eachChannel = <A>(
  f: (operands: Operands, attrs: A) => (x: number, channel: number) => number,
): Evaluate<A> =>
  perImage((operands, attrs) => {
    const x = first(operands.inputs);
    const [height, width] = plane(x.shape);
    const of = f(operands, attrs);
    return [x.data.map((value, i) => of(value, Math.floor(i / (height * width))))];
  });

/** @throws where there is none: nodes are verified to have what their primitive asks for */
export function first(operands: readonly Operand[]): Operand {
  const [operand] = operands;
  if (operand === undefined) bug("a primitive is evaluated without an operand");
  return operand;
}

/** @throws where there is none, as `first` */
export function weight({ weights }: Operands, role: string): Float64Array {
  const operand = weights[role];
  if (operand === undefined) bug(`a primitive is evaluated without its ${role}`);
  return operand.data;
}
