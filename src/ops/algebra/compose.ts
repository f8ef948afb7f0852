/** Weights of a linear map that takes what another one reads in the place of what that one makes. */
import { type Taps, visitTaps } from "../conv2d-evaluate.js";
import { weight } from "../evaluate.js";
import { noOnnx } from "../inner.js";
import type { Operands, Primitive } from "../primitive.js";
import { unknownRange } from "../range.js";
import { elements, formatShape, type Shape } from "../shape.js";
import { type Pair, words } from "../window.js";

/** The taps are the earlier map's, laid on the image that `before` says. */
export interface ComposeAttrs extends Taps {
  /** Of the later map's weight: a row for each of its results. */
  readonly rows: Shape;
  /** What a row is made of, as the earlier map makes it: channels, height, width. */
  readonly between: Shape;
  /** What a row of the result is made of: channels, height, width. */
  readonly before: Shape;
  /** Of the earlier map's weight. */
  readonly weight: Shape;
  /** Of the result; as many numbers as there are rows times `before`. */
  readonly result: Shape;
  /** Whether the later map has a bias, and whether the earlier one has. */
  readonly bias: boolean;
  readonly shift: boolean;
}

/**
 * A row w of the later map gives the sum over p of w[p] y[p]; the earlier one made y[p] = shift[channel]
 * + the sum over q of weight[p, q] x[q]. So the row of both is, at q, the sum over p of w[p] weight[p,
 * q], and its bias grows by the sum over p of w[p] shift[channel].
 */
export const compose: Primitive<ComposeAttrs> = {
  name: "compose",
  operands: "none",
  infer: (_, attrs) => [attrs.result, ...(hasBias(attrs) ? [attrs.rows.slice(0, 1)] : [])],
  weights: (_, { rows, weight: shape, channels: count, bias, shift }) => ({
    rows,
    ...(bias ? { bias: rows.slice(0, 1) } : {}),
    weight: shape,
    ...(shift ? { shift: [count] } : {}),
  }),
  macs: () => 0,
  format: ({ between, before }) => words(`${formatShape(between)} to ${formatShape(before)}`),
  tolerance: 1e-6,
  inPlace: false,
  range: unknownRange,
  evaluate: (operands, attrs) => {
    const rows = rowsOf(weight(operands, "rows"), attrs.rows[0]!);
    const biases = hasBias(attrs) ? [biasesOf(operands, rows, attrs)] : [];
    return [weightsOf(operands, rows, attrs), ...biases];
  },
  onnx: noOnnx("passes compose weights"),
};

const hasBias = ({ bias, shift }: ComposeAttrs): boolean => bias || shift;

const rowsOf = (all: Float64Array, count: number): readonly Float64Array[] => {
  const size = all.length / count;
  return Array.from({ length: count }, (_, r) => all.subarray(r * size, (r + 1) * size));
};

function weightsOf(
  operands: Operands,
  rows: readonly Float64Array[],
  attrs: ComposeAttrs,
): Float64Array {
  const [, height, width] = attrs.between;
  const plane: Pair = [height!, width!];
  const size = elements(attrs.before);
  const factors = weight(operands, "weight");
  const result = new Float64Array(rows.length * size);
  visitTaps(attrs, attrs.before, plane, (p, tap, q) => {
    rows.forEach((row, r) => (result[r * size + q]! += row[p]! * factors[tap]!));
  });
  return result;
}

function biasesOf(
  { weights }: Operands,
  rows: readonly Float64Array[],
  { between: [, height, width] }: ComposeAttrs,
): Float64Array {
  const { bias, shift } = weights;
  const pixels = height! * width!;
  return Float64Array.from(rows, (row, r) =>
    row.reduce(
      (sum, w, p) => sum + w * (shift?.data[Math.floor(p / pixels)] ?? 0),
      bias?.data[r] ?? 0,
    ),
  );
}
