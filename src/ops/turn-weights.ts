import { weight } from "./evaluate.js";
import { noOnnx } from "./inner.js";
import type { Primitive } from "./primitive.js";
import { unknownRange } from "./range.js";
import type { Shape } from "./shape.js";
import { words } from "./window.js";

export interface TurnAttrs {
  /** Of the convolution's weight, [out, in / groups, kh, kw]. */
  readonly shape: Shape;
  readonly groups: number;
}

/**
 * The weight of the convolution that takes what a convolution gives back to what it was made of:
 * within each group input and output channels change places, and the kernel is turned by 180
 * degrees. [in, out / groups, kh, kw].
 */
export const turnWeights: Primitive<TurnAttrs> = {
  name: "turn-weights",
  operands: "none",
  infer: (_, { shape: [out, inputs, ...kernel], groups }) => [
    [inputs! * groups, out! / groups, ...kernel],
  ],
  weights: (_, { shape }) => ({ weight: shape }),
  macs: () => 0,
  format: ({ groups }) => words(groups === 1 ? "" : `groups ${groups}`),
  tolerance: 0,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, { shape: [out, inputs, height, width], groups }) => {
    const [taps, outputs] = [height! * width!, out! / groups];
    const from = weight(operands, "weight");
    const turned = new Float64Array(from.length);
    from.forEach((w, at) => {
      const [o, i] = [Math.floor(at / taps / inputs!), Math.floor(at / taps) % inputs!];
      const row = Math.floor(o / outputs) * inputs! + i;
      turned[(row * outputs + (o % outputs)) * taps + (taps - 1 - (at % taps))] = w;
    });
    return [turned];
  },
  onnx: noOnnx("passes turn weights"),
};
