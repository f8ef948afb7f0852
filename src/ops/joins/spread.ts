/**
 * Joins of elements in which a branch of C x 1x1 is spread over the height and width of the others,
 * as the gate of a squeeze-and-excite block is (Hu et al., 2018).
 */
import { perImage } from "../evaluate.js";
import type { Operand, Primitive } from "../primitive.js";
import { channels, elements, formatShape, isImage, plane, type Shape } from "../shape.js";
import { agreeing, fixed, type Trace, type Traced, type Traces, varying } from "../trace.js";
import { agreeingTraces, type JoinRule } from "./rule.js";

const isPoint = (shape: Shape): boolean => isImage(shape) && elements(plane(shape)) === 1;

/** Whether an operand is spread to give this result. */
export const isSpread = (operand: Shape, result: Shape): boolean =>
  isPoint(operand) && !isPoint(result);

/** Of the operands that are spread, the places. */
export const spreadPlaces = (operands: readonly Shape[], result: Shape): readonly number[] =>
  operands.flatMap((shape, i) => (isSpread(shape, result) ? [i] : []));

/** Branches are of one shape, but for those of C x 1x1. */
export const spreading: JoinRule = {
  beside: (branch, other) => {
    const apart = isImage(branch) && isImage(other) && isPoint(branch) !== isPoint(other);
    return apart ? [channels(other), ...plane(branch)] : other;
  },
  follows: (branch, all) =>
    isPoint(branch) && all.some((shape) => isImage(shape) && !isPoint(shape)),
  shape: (branches) => branches.find((shape) => !isPoint(shape)) ?? branches[0] ?? [],
  traces: (branches) => {
    const [first = [], ...others] = branches.map(({ traces }) => traces);
    const depth = agreeing(first[0]!, ...others.map((traces) => traces[0]!));
    return first.length === 1 ? [depth] : [depth, ...planeTraces(branches)];
  },
  shown: formatShape,
};

/**
 * Of height and width. Other values of the parameters may make one pixel of a branch that is more
 * now, unless a side of it is fixed to more than 1: such a branch decides, if there is one.
 */
function planeTraces(branches: readonly Traced[]): Traces {
  const isFixed =
    ({ shape, traces }: Traced, is: (side: number) => boolean) =>
    (d: number) =>
      !traces[d]!.varies && is(shape[d]!);
  const never = branches.filter((branch) => sides.some(isFixed(branch, (side) => side > 1)));
  if (never.length > 0) return agreeingTraces(never).slice(1);
  const open = branches.filter((branch) => !sides.every(isFixed(branch, (side) => side === 1)));
  return sides.map((d) => {
    const [first = fixed, ...others] = open.map(({ traces }) => traces[d]!);
    const isSame = (other: Trace): boolean => other === first || !(other.varies || first.varies);
    return others.every(isSame) ? first : varying();
  });
}

const sides = [1, 2] as const;

/** `f` of the operands' elements at each place, the spread ones' of its channel. */
export const eachPlace = <A>(
  f: (values: readonly number[], attrs: A) => number,
): Primitive<A>["evaluate"] =>
  perImage(({ inputs }, attrs) => {
    const shapes = inputs.map(({ shape }) => shape);
    const whole = spreading.shape(shapes);
    const pixels = elements(plane(whole));
    const reader = ({ shape, data }: Operand): ((i: number) => number) =>
      isSpread(shape, whole) ? (i) => data[Math.floor(i / pixels)]! : (i) => data[i]!;
    const readers = inputs.map(reader);
    const result = new Float64Array(elements(whole));
    return [
      result.map((_, i) =>
        f(
          readers.map((read) => read(i)),
          attrs,
        ),
      ),
    ];
  });
