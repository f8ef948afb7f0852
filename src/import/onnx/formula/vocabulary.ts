/** The ONNX operators that formulas are made of: what each computes. */
import { erf } from "../../../ops/erf.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import { listOf } from "../constants/folding.js";
import { reducedAxes } from "../constants/folds/made.js";
import { castTo } from "../constants/folds/shapes.js";
import { type Compute, eachOf, reducing } from "./sample.js";

/** @param rank of the first operand */
type Word = (call: Call, rank: number) => Compute;

const plain =
  (of: (...values: readonly number[]) => number): Word =>
  () =>
    eachOf(of);

const reduced =
  (of: (values: readonly number[]) => number): Word =>
  (call, rank) => {
    const { reader, constants } = call;
    const said = listOf(reader, constants, 1, "axes");
    const axes = reducedAxes(said, reader.flag("noop_with_empty_axes"), rank);
    const compute = reducing(axes, reader.flag("keepdims", 1), of);
    return ([first]) => compute([first!]);
  };

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const squares = (values: readonly number[]): number => values.reduce((so, x) => so + x * x, 0);

/** Bounds that are left out do not cut. */
const clip: Word = ({ reader, opset, operands }) => {
  if (opset < 11) {
    const [low, high] = [reader.float("min", -3.5e38), reader.float("max", 3.5e38)];
    return eachOf((x = 0) => Math.min(Math.max(x, low), high));
  }
  const [hasLow, hasHigh] = [operands[1] !== undefined, operands[2] !== undefined];
  return eachOf((x = 0, ...bounds) => {
    const low = hasLow ? bounds[0]! : -Infinity;
    const high = hasHigh ? bounds[bounds.length - 1]! : Infinity;
    return Math.min(Math.max(x, low), high);
  });
};

/** The first operand alone: what is spread is spread where it is read. */
const first: Word =
  () =>
  ([operand]) =>
    operand;

const logistic = (x = 0): number => 1 / (1 + Math.exp(-x));

export const vocabulary: Readonly<Record<string, Word>> = {
  Abs: plain((x = 0) => Math.abs(x)),
  Add: plain((a = 0, b = 0) => a + b),
  Cast: (call, rank) => {
    if (castTo(call.reader) !== "float") refuse("makes integers of what is computed");
    return first(call, rank);
  },
  Clip: clip,
  Div: plain((a = 0, b = 0) => a / b),
  Erf: plain((x = 0) => erf(x)),
  Exp: plain((x = 0) => Math.exp(x)),
  Expand: first,
  Identity: first,
  Log: plain((x = 0) => Math.log(x)),
  Max: plain((...values) => Math.max(...values)),
  Min: plain((...values) => Math.min(...values)),
  Mul: plain((a = 0, b = 0) => a * b),
  Neg: plain((x = 0) => -x),
  Pow: plain((a = 0, b = 0) => a ** b),
  Reciprocal: plain((x = 0) => 1 / x),
  ReduceL2: reduced((values) => Math.sqrt(squares(values))),
  ReduceMean: reduced((values) => sum(values) / values.length),
  ReduceSum: reduced(sum),
  ReduceSumSquare: reduced(squares),
  Relu: plain((x = 0) => Math.max(x, 0)),
  Sigmoid: plain(logistic),
  Softplus: plain((x = 0) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: plain((x = 0) => Math.sqrt(x)),
  Sub: plain((a = 0, b = 0) => a - b),
  Sum: plain((...values) => sum(values)),
  Tanh: plain((x = 0) => Math.tanh(x)),
  Greater: plain((a = 0, b = 0) => Number(a > b)),
  GreaterOrEqual: plain((a = 0, b = 0) => Number(a >= b)),
  Less: plain((a = 0, b = 0) => Number(a < b)),
  LessOrEqual: plain((a = 0, b = 0) => Number(a <= b)),
  Where: plain((condition = 0, x = 0, y = 0) => (condition === 0 ? y : x)),
};
