/** The bias of a map that takes what another one reads, where it differs from place to place. */
import { convolve, type Taps } from "../conv2d-evaluate.js";
import { weight } from "../evaluate.js";
import { noOnnx } from "../inner.js";
import type { Primitive } from "../primitive.js";
import { unknownRange } from "../range.js";
import { elements, formatShape, type Shape } from "../shape.js";
import { slide, words } from "../window.js";

/** The taps are the later map's, on the image that `between` says. */
export interface ComposeBiasAttrs extends Taps {
  /** Of the later map's weight: channels of `between` and taps a row, in any shape. */
  readonly rows: Shape;
  /** What the earlier map makes: channels, height, width. */
  readonly between: Shape;
  /** Of the later map's bias, if it has one: a number a channel, or one a place. */
  readonly bias?: Shape | undefined;
  /** Of the earlier one's. */
  readonly shift: Shape;
  /** Channels, height, width, or the channels alone where they have one place. */
  readonly result: Shape;
}

/**
 * What the later map makes of the earlier one's bias alone: zeros around an image have none, so that less
 * of it reaches the places at the border.
 */
export const composeBias: Primitive<ComposeBiasAttrs> = {
  name: "compose-bias",
  operands: "none",
  infer: (_, { result }) => [result],
  weights: (_, { rows, bias, shift }) => ({ rows, ...(bias === undefined ? {} : { bias }), shift }),
  macs: () => 0,
  format: ({ between, result }) => words(`${formatShape(between)} to ${formatShape(result)}`),
  tolerance: 1e-6,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, attrs) => {
    const { between: shape } = attrs;
    const shift = weight(operands, "shift");
    const each = elements(shape) / shift.length;
    const data = Float64Array.from(
      { length: elements(shape) },
      (_, p) => shift[Math.floor(p / each)]!,
    );
    const { rows, bias } = operands.weights;
    const weights = { weight: rows!, ...(bias === undefined ? {} : { bias }) };
    const places = slide(shape, { ...attrs, ceil: false });
    return [convolve({ inputs: [{ shape, data }], weights }, attrs, places)];
  },
  onnx: noOnnx("passes compose weights"),
};
