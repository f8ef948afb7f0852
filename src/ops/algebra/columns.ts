import { weight } from "../evaluate.js";
import { noOnnx } from "../inner.js";
import type { Primitive } from "../primitive.js";
import { unknownRange } from "../range.js";
import type { Shape } from "../shape.js";

export interface ColumnsAttrs {
  /** [rows, columns] of what they are taken from. */
  readonly shape: Shape;
  readonly from: number;
  readonly count: number;
}

/** Some columns of a weight, one after the other: a linear's share of one branch of a concat. */
export const columns: Primitive<ColumnsAttrs> = {
  name: "columns",
  operands: "none",
  infer: (_, { shape: [rows], count }) => [[rows!, count]],
  weights: (_, { shape }) => ({ rows: shape }),
  macs: () => 0,
  format: ({ from, count }) => `${from}..${from + count - 1}`,
  tolerance: 0,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, { shape: [rows, width], from, count }) => {
    const all = weight(operands, "rows");
    const taken = new Float64Array(rows! * count);
    for (let r = 0; r < rows!; r++) {
      taken.set(all.subarray(r * width! + from, r * width! + from + count), r * count);
    }
    return [taken];
  },
  onnx: noOnnx("passes compose weights"),
};
