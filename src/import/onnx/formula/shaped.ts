/**
 * The ONNX operators of formulas that have dimensions of their own behind them: what each computes, and
 * in what shape. They are computed of samples, whose sides are other ones than the file's.
 */
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { elements } from "../../../ops/shape.js";
import type { Call } from "../call.js";
import { type Element, isNumber, plus, sameElement } from "../constants/element.js";
import { axisOf, listOf } from "../constants/folding.js";
import { squeezed, targetShape, unsqueezed } from "../constants/folds/shapes.js";
import { Tensor } from "../constants/tensor.js";
import type { Compute, Step } from "./sample.js";
import { averaged, padded, type Reach } from "./window.js";

/** @param dims of the first operand, which alone is no constant */
type ShapedWord = (call: Call, dims: readonly Element[]) => Step;

/** With dimensions of 1 more or less: elements that keep their sides fit samples of any size. */
function without1(from: readonly Element[], to: readonly Element[]): Step {
  const places: (number | undefined)[] = [];
  let at = 0;
  for (const side of to) {
    while (side !== 1 && from[at] === 1) at++;
    const next = from[at];
    if (next !== undefined && sameElement(next, side)) places.push(at++);
    else places.push(side === 1 ? undefined : refuse("parts or joins dimensions of a formula"));
  }
  if (from.slice(at).some((side) => side !== 1)) refuse("parts or joins dimensions of a formula");
  const compute: Compute = ([operand]) => {
    const shape = places.map((place) => (place === undefined ? 1 : operand!.shape[place]!));
    return elements(shape) === operand!.data.length ? { shape, data: operand!.data } : undefined;
  };
  return { compute, dims: to, windows: [] };
}

const reshape: ShapedWord = ({ constants, reader }, dims) => {
  const target = constants.has(1) ? constants.known(1) : (reader.integers("shape") ?? []);
  return without1(dims, targetShape(target, dims, reader.flag("allowzero")));
};

const squeeze: ShapedWord = ({ constants, reader }, dims) =>
  without1(dims, squeezed(dims, listOf(reader, constants, 1, "axes")));

const unsqueeze: ShapedWord = ({ constants, reader }, dims) => {
  const axes = listOf(reader, constants, 1, "axes") ?? refuse("says no axes");
  return without1(dims, unsqueezed<Element>(dims, axes, 1));
};

/** With zeros. */
const pad: ShapedWord = ({ constants, reader, operands }, dims) => {
  if (reader.text("mode", "constant") !== "constant") refuse("repeats what is at the edge");
  const fill = operands[2] instanceof Tensor ? constants.integers(2) : [reader.float("value", 0)];
  if (fill.some((number) => number !== 0)) refuse("pads a formula with another number than 0");
  const said = listOf(reader, constants, 1, "pads") ?? refuse("says no pads");
  const axes = constants.has(3) ? constants.integers(3) : dims.map((_, axis) => axis);
  if (said.length !== 2 * axes.length) refuse("has pads that do not fit its dimensions");
  const reaches = axes.map((axis, i) => ({
    axis: axisOf(axis, dims.length),
    ...edges(said[i]!, said[axes.length + i]!),
    length: 1,
  }));
  return { ...slid(dims, reaches, padded), windows: [] };
};

/** Steps of 1, whatever its rank. */
const averagePool: ShapedWord = ({ reader }, dims) => {
  const kernel = reader.integers("kernel_shape") ?? refuse("says no kernel_shape");
  const rank = kernel.length;
  const list = (name: string, length: number, fallback: number): readonly number[] => {
    const said = reader.integers(name) ?? Array.from({ length }, () => fallback);
    return said.length === length ? said : refuse(`has ${name} that do not fit its window`);
  };
  const steps = [...list("strides", rank, 1), ...list("dilations", rank, 1)];
  if (steps.some((step) => step !== 1)) refuse("takes other steps than 1 over a formula");
  // With steps of 1 nothing is left over.
  reader.flag("ceil_mode");
  const edge = reader.text("auto_pad", "NOTSET");
  if (edge !== "NOTSET" && edge !== "VALID") refuse(`has auto_pad ${edge}`);
  const pads = list("pads", 2 * rank, 0);
  const countsPads = reader.flag("count_include_pad");
  if (dims.length !== rank + 2) refuse("has a window that does not fit its dimensions");
  const reaches = kernel.map((length, i) => ({
    axis: i + 2,
    ...edges(pads[i]!, pads[rank + i]!),
    length: length >= 1 ? length : refuse(`has a window of ${length}`),
  }));
  const step = slid(dims, reaches, (sample, reach) => averaged(sample, reach, countsPads));
  return { ...step, windows: kernel.filter((length) => length > 1) };
};

const edges = (before: number, after: number): Pick<Reach, "before" | "after"> =>
  before >= 0 && after >= 0 ? { before, after } : refuse("cuts off the edges of a formula");

/** Along one dimension after the other. */
function slid(
  dims: readonly Element[],
  reaches: readonly Reach[],
  along: (operand: Parameters<Compute>[0][number], reach: Reach) => ReturnType<Compute>,
): Omit<Step, "windows"> {
  const behind = [...dims];
  const moving = reaches.filter(
    ({ before, after, length }) => before !== 0 || after !== 0 || length !== 1,
  );
  for (const { axis, before, after, length } of moving) {
    const side = plus(behind[axis]!, before + after - length + 1);
    if (side === undefined || !isNumber(behind[axis]!)) refuse("moves a window over the batch");
    behind[axis] = side;
  }
  const compute: Compute = ([operand]) =>
    moving.reduce<ReturnType<Compute>>((so, reach) => so && along(so, reach), operand);
  return { compute, dims: behind };
}

export const shaped: Readonly<Record<string, ShapedWord>> = {
  AveragePool: averagePool,
  Pad: pad,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
};
