import type { OnnxForm } from "./onnx.js";
import type { Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";

/** Of what no ONNX file holds, nor can be written as one. */
export const noOnnx = (when: string): OnnxForm<never> => ({
  write: () => {
    throw new RangeError(`an ONNX file is written from the graph before ${when}`);
  },
  read: {},
});

type Own<A> = Pick<Primitive<A>, "name" | "infer" | "evaluate"> &
  Partial<Omit<Primitive<A>, "operands">> & {
    /** Any number by position, unless said otherwise. */
    readonly operands?: "one";
  };

/** A primitive that no operator builds: what the training forms and gradients of others are made of. */
export const inner = <A = object>({ operands, ...facts }: Own<A>): Primitive<A> => ({
  ...(operands === "one" ? {} : { operands: "any" }),
  weights: () => ({}),
  macs: () => 0,
  format: () => "",
  tolerance: 2e-6,
  inPlace: false,
  range: unknownRange,
  onnx: noOnnx("it is made to train"),
  ...facts,
});
