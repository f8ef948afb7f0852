/** What a formula gives of numbers that are tried. */
import type { Value } from "../../../graph/value.js";
import { isNumber } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import { denseStrides, walked } from "../constants/strided.js";
import type { Stretch } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";
import { elements } from "../../../ops/shape.js";
import { List, type Meaning } from "../meaning.js";
import type { Sample } from "./sample.js";

/** The numbers of a value of the graph, the batch first; undefined for one that nothing is known of. */
export type Numbers = (value: Value) => Sample | undefined;

/** Undefined where operands do not fit, or are not known. */
export function evaluated(meaning: Meaning, numbers: Numbers): Sample | undefined {
  const known = new Map<Meaning, Sample | undefined>();
  const of = (each: Meaning): Sample | undefined => {
    if (!known.has(each)) known.set(each, compute(each));
    return known.get(each);
  };
  const compute = (each: Meaning): Sample | undefined => {
    if (each instanceof Tensor) return constant(each);
    if (each instanceof Flow) {
      const sample = numbers(each.value);
      return sample && lying(sample, each);
    }
    if (each instanceof List) return undefined;
    const operands = each.operands.map(of);
    const there = operands.filter((operand) => operand !== undefined);
    return there.length === operands.length ? each.step.compute(there) : undefined;
  };
  return of(meaning);
}

function constant({ numbers, shape }: Tensor): Sample | undefined {
  if (numbers?.every(isNumber) !== true) return undefined;
  return { shape, data: Float64Array.from(numbers) };
}

/** A value's numbers in the order in which a tensor has them; of whole sides there may be fewer. */
export function lying({ shape, data }: Sample, { value, arrangement }: Flow): Sample {
  const own = denseStrides(shape);
  const sizeOn = ({ axis, size }: Stretch): number =>
    axis === 0 || size === value.shape[axis - 1] ? shape[axis]! : (size ?? 1);
  const sizes = arrangement.map((dim) => dim.map(sizeOn));
  const strides = arrangement.flatMap((dim) => dim.map(({ axis, stride }) => own[axis]! * stride));
  const moved = walked(data, { shape: sizes.flat(), start: 0, strides }) as ArrayLike<number>;
  return { shape: sizes.map(elements), data: Float64Array.from(moved) };
}
