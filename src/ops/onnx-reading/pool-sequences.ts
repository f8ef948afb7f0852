/** The nodes that pools are written as where no node of ONNX is one: `../pool-onnx.ts`. */
import { binsAlong, corrections } from "../pool-corrections.js";
import type { AdaptivePoolAttrs, PoolAttrs } from "../pool-attrs.js";
import { poolPlane } from "../pool-windows.js";
import type { Pads, Pair } from "../window.js";
import { padsOf } from "./pad.js";
import { readPool } from "./pools.js";
import { type Constant, refuse, sequence } from "./reader.js";

/** Padding that never wins, of any width. */
export const paddedMaxPool = sequence<PoolAttrs>(["Pad", "MaxPool"], ([pad, pool]) => {
  pad!.image(0);
  pad!.text("mode", "constant");
  if (pad!.has(3) || !pad!.has(2) || pad!.scalar(2) > lowest) refuse("fills with what may win");
  pool!.integer("storage_order", 0);
  const around = padsOf(pad!);
  const { pads, ...attrs } = readPool(pool!);
  const whole = sum(around, pads);
  const span = attrs.kernel.map((side, i) => (side - 1) * (attrs.dilation?.[i] ?? 1) + 1);
  const [height = 0, width = 0] = span;
  if (Math.max(whole.top, whole.bottom) >= height || Math.max(whole.left, whole.right) >= width)
    refuse("has windows of padding alone");
  return { ...attrs, pads: whole };
});

/** ONNX Runtime has the least f32 where others have -inf. */
const lowest = -3.4e38;

const sum = (a: Pads, b: Pads): Pads => ({
  top: a.top + b.top,
  left: a.left + b.left,
  bottom: a.bottom + b.bottom,
  right: a.right + b.right,
});

/** An average over whole kernels, corrected where a window hangs over the padding. */
export const correctedAvgPool = sequence<PoolAttrs>(["AveragePool", "Mul"], ([pool, by]) => {
  const [channels, height, width] = pool!.image(0);
  const countPad = pool!.flag("count_include_pad");
  const attrs = readPool(pool!);
  const factors = by!.constant(by!.isConstant(0) ? 0 : 1);
  if (
    !countPad ||
    attrs.dilation !== undefined ||
    channels === undefined ||
    height === undefined ||
    width === undefined
  ) {
    refuse("is an average that needs no factors");
  }
  return (
    hanging({ ...attrs, countPad }, [height, width], factors) ??
    refuse("is times factors that are no correction of it")
  );
});

/** Windows hang over by less than they are apart. */
const mostPads = 64;

/** The pool in ceil mode whose windows and corrections these are. */
function hanging(attrs: PoolAttrs, sides: Pair, factors: Constant): PoolAttrs | undefined {
  const image = [1, ...sides];
  if (attrs.pads.bottom + attrs.pads.right > mostPads) return undefined;
  const plane = poolPlane(image, attrs);
  if (factors.shape.join() !== [1, 1, ...plane].join()) return undefined;
  const { top, left, bottom, right } = attrs.pads;
  for (let down = bottom; down >= 0; down--) {
    for (let across = right; across >= 0; across--) {
      const own = { ...attrs, pads: { top, left, bottom: down, right: across }, ceil: true };
      if (poolPlane(image, own).join() !== plane.join()) continue;
      const wanted = corrections(own, sides, plane);
      if (wanted.every((factor, i) => factor === Math.fround(factors.values[i]!))) return own;
    }
  }
  return undefined;
}

/** Averages over bins of several sizes: one product with a matrix for each side. */
export const binned = sequence<AdaptivePoolAttrs>(["MatMul", "MatMul"], ([across, down]) => {
  const [, height, width] = across!.image(0);
  const [right, left] = [across!.constant(1), down!.constant(0)];
  const [rows = 0, columns = 0] = [left.shape[0], right.shape[1]];
  if (height === undefined || width === undefined) refuse("says no size of its image");
  const fits =
    left.values.length === rows * height &&
    right.values.length === width * columns &&
    holds(left, binsAlong(rows, height)) &&
    holds(right, turned(binsAlong(columns, width), columns, width));
  if (!fits) refuse("multiplies an image by matrices that are no averages over bins");
  return { size: [rows, columns] };
});

const holds = ({ values }: Constant, wanted: Float32Array): boolean =>
  values.length === wanted.length && wanted.every((value, i) => value === Math.fround(values[i]!));

const turned = (matrix: Float32Array, rows: number, columns: number): Float32Array =>
  matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
