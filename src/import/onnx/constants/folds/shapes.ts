/** The same values in another shape. */
import { type NodeReader, refuse } from "../../../../ops/onnx-reading/reader.js";
import { elements, type Shape } from "../../../../ops/shape.js";
import { type Element, isNumber } from "../element.js";
import { axisOf, type Fold, listOf } from "../folding.js";

const reshaped =
  (shapeOf: (...given: Parameters<Fold>) => Shape): Fold =>
  (node, operands) => {
    const { kind } = operands.at(0);
    return { shape: shapeOf(node, operands), kind, of: ([values]) => values! };
  };

export const reshape = reshaped((node, operands) => {
  const target = operands.has(1) ? operands.known(1) : (node.integers("shape") ?? []);
  const shape = targetShape(target, operands.at(0).shape, node.flag("allowzero"));
  if (!shape.every(isNumber)) refuse("gives a constant a shape that hangs on the batch");
  const { size } = operands.at(0);
  if (shape.some((side) => side < 0) || elements(shape) !== size)
    refuse(`gives ${size} numbers the shape ${shape.join(" x ")}`);
  return shape;
});

/**
 * What a Reshape asks for, 0 for the same dimension and -1 for what is left over.
 *
 * @param dims those that there are
 */
export function targetShape(
  target: readonly Element[],
  dims: readonly Element[],
  takesZero: boolean,
): readonly Element[] {
  const copied = target.map((side, i) =>
    side === 0 && !takesZero
      ? (dims[i] ?? refuse(`copies dimension ${i}, which is not there`))
      : side,
  );
  const open = copied.indexOf(-1);
  if (open < 0) return copied;
  const rest = left(
    dims,
    copied.filter((_, i) => i !== open),
  );
  return copied.map((side, i) => (i === open ? rest : side));
}

/** What is left of all elements, where the batch is in one dimension at most. */
function left(dims: readonly Element[], taken: readonly Element[]): Element {
  const product = (sides: readonly Element[]): { number: number; batches: number } => ({
    number: sides.reduce<number>((so, side) => so * (isNumber(side) ? side : side.times), 1),
    batches: sides.filter((side) => !isNumber(side)).length,
  });
  const [whole, part] = [product(dims), product(taken)];
  const rest = whole.number / part.number;
  const batches = whole.batches - part.batches;
  if (!Number.isInteger(rest) || rest < 0 || batches < 0 || batches > 1) {
    refuse("asks for a shape that does not fit its input");
  }
  const dim = dims.find((side) => !isNumber(side));
  return batches === 0 || dim === undefined || isNumber(dim) ? rest : dim.of(rest);
}

export const flatten = reshaped((node, operands) => {
  const { shape } = operands.at(0);
  const axis = node.integer("axis", 1);
  const at = axis < 0 ? axis + shape.length : axis;
  return [elements(shape.slice(0, at)), elements(shape.slice(at))];
});

export const squeeze = reshaped((node, operands) => {
  const { shape } = operands.at(0);
  const axes = listOf(node, operands, 1, "axes");
  return squeezed(shape, axes);
});

/** Without dimensions of 1: those of the axes, or all. */
export function squeezed<D extends Element>(
  dims: readonly D[],
  axes: readonly number[] | undefined,
): readonly D[] {
  const dropped = axes?.map((axis) => axisOf(axis, dims.length));
  const odd = dropped?.find((axis) => dims[axis] !== 1);
  if (odd !== undefined) refuse(`drops dimension ${odd}, which is not 1`);
  return dims.filter((side, i) => (dropped === undefined ? side !== 1 : !dropped.includes(i)));
}

export const unsqueeze = reshaped((node, operands) => {
  const axes = listOf(node, operands, 1, "axes") ?? refuse("says no axes");
  return unsqueezed(operands.at(0).shape, axes, 1);
});

/** With new dimensions where the axes are in the result. */
export function unsqueezed<D>(dims: readonly D[], axes: readonly number[], one: D): readonly D[] {
  const rank = dims.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  if (added.size !== axes.length || rank > mostRank) refuse(`adds axes ${axes.join(", ")}`);
  const rest = [...dims];
  return Array.from({ length: rank }, (_, i) => (added.has(i) ? one : rest.shift()!));
}

/** What is wider has no word anywhere. */
export const mostRank = 32;

/** The same values under another type. */
export const identity: Fold = (_, operands) => {
  const { shape, kind } = operands.at(0);
  return { shape, kind, of: ([values]) => values! };
};

const floats = [1, 10, 11, 16];
const integers = [2, 3, 4, 5, 6, 7, 12, 13];

export const cast: Fold = (node, operands) => {
  const { shape, kind } = operands.at(0);
  const to = castTo(node);
  const convert = {
    float: (x: number) => x,
    integer: Math.trunc,
    truth: (x: number) => (x === 0 ? 0 : 1),
  }[to];
  const same = to === kind || to === "float";
  const each = (element: Element): Element => (isNumber(element) ? convert(element) : element);
  return {
    shape,
    kind: to === "float" ? "float" : "integer",
    of: ([values]) => (same ? values! : Array.from(values!, each)),
  };
};

/** What kind of numbers a Cast makes. */
export function castTo(node: NodeReader): "float" | "integer" | "truth" {
  const to = node.integer("to");
  node.integer("saturate", 1);
  node.text("round_mode", "up");
  if (floats.includes(to)) return "float";
  if (integers.includes(to)) return "integer";
  return to === 9 ? "truth" : refuse(`makes numbers of ONNX's type ${to}, which are not read`);
}
