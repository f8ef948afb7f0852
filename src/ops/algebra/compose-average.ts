/** Weights of a linear map that takes an image in the place of its averages. */
import { weight } from "../evaluate.js";
import { noOnnx } from "../inner.js";
import type { PoolAttrs } from "../pool-attrs.js";
import { poolPlane, visitWindows } from "../pool-windows.js";
import type { Primitive } from "../primitive.js";
import { unknownRange } from "../range.js";
import { channels, elements, formatShape, type Shape } from "../shape.js";
import { formatWindow, words } from "../window.js";

export interface ComposeAverageAttrs extends PoolAttrs {
  /** Results of the map, whose weight has a row for each. */
  readonly features: number;
  /** The image: channels, height, width. */
  readonly before: Shape;
}

/** What a window's average is multiplied with, each of its pixels is by its share of that. */
export const composeAverage: Primitive<ComposeAverageAttrs> = {
  name: "compose-average",
  operands: "none",
  infer: (_, { features, before }) => [[features, elements(before)]],
  weights: (_, attrs) => ({ rows: [attrs.features, averages(attrs)] }),
  macs: () => 0,
  format: ({ kernel, stride, before }) =>
    words(`${formatWindow(kernel, stride)} to ${formatShape(before)}`),
  tolerance: 1e-6,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, attrs) => {
    const rows = weight(operands, "rows");
    const [size, count] = [elements(attrs.before), averages(attrs)];
    const result = new Float64Array(attrs.features * size);
    visitWindows(attrs.before, attrs, (p, taps, padded) => {
      const share = 1 / (attrs.countPad ? padded : taps.length);
      for (let f = 0; f < attrs.features; f++) {
        for (const q of taps) result[f * size + q]! += rows[f * count + p]! * share;
      }
    });
    return [result];
  },
  onnx: noOnnx("passes compose weights"),
};

const averages = (attrs: ComposeAverageAttrs): number =>
  channels(attrs.before) * elements(poolPlane(attrs.before, attrs));
