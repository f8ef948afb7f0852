/** The primitives that a formula may be. */
import { activationNames, activationPrimitives, activations } from "../../../ops/activations.js";
import { groupnorm } from "../../../ops/groupnorm.js";
import { l2norm } from "../../../ops/l2norm.js";
import { identity } from "../../../ops/identity.js";
import { layernorm } from "../../../ops/layernorm.js";
import { lrn } from "../../../ops/lrn.js";
import { shortest } from "../../../ops/onnx-reading/reader.js";
import type { Primitive } from "../../../ops/primitive.js";
import { isImage } from "../../../ops/shape.js";
import { isNumber } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import type { Flow } from "../flow/flow.js";
import type { Formula } from "../meaning.js";
import { reduces, stepsOf } from "./inputs.js";
import type { Sample } from "./sample.js";

export interface Candidate {
  readonly primitive: Primitive;
  readonly attrs: unknown;
}

const of = <A>(primitive: Primitive<A>, attrs: A): Candidate => ({
  primitive: primitive,
  attrs,
});

/**
 * @param given what the formula makes of each of the samples
 */
export const candidatesFor = (
  formula: Formula,
  source: Flow,
  samples: readonly Sample[],
  given: readonly Sample[],
): readonly Candidate[] => {
  if (!reduces(formula)) return functions(samples, given);
  const windows = windowsOf(formula);
  return windows.length === 0 ? norms(formula, source) : responses(formula, windows, source);
};

/** Those with a number get the one that the formula's least value, or a slope below 0, would take. */
function functions(samples: readonly Sample[], given: readonly Sample[]): readonly Candidate[] {
  const at = samples[0]!.data.findIndex((x) => x < -0.5);
  const [x, y] = [samples[0]!.data[at] ?? -1, given[0]!.data[at] ?? 0];
  const alphas: Readonly<Record<string, number>> = { leakyrelu: y / x, elu: y / Math.expm1(x) };
  const functions = activationNames.flatMap((name) => {
    const primitive = activationPrimitives[name];
    if (activations[name].alpha === undefined) return [of(primitive, {})];
    const alpha = alphas[name];
    return alpha === undefined || !(alpha >= 0) ? [] : [of(primitive, { alpha: shortest(alpha) })];
  });
  // First: of those that fit alike the first is taken.
  return [of(identity, {}), ...functions];
}

/** What keeps a vector of zeros from being divided by 0, where the file says so by the length. */
const least = 1e-24;

function norms(formula: Formula, { value, arrangement }: Flow): readonly Candidate[] {
  const plain = { scale: false, shift: false };
  const channels = value.shape[0]!;
  const rows = arrangement[1]?.[0];
  const groups = isImage(value.shape)
    ? new Set([1, channels, ...(rows?.axis === 1 ? [rows.size ?? 1] : [])])
    : [];
  const small = numbersOf(formula, (number) => number < 0.5).slice(0, mostSmall);
  return [
    ...small.flatMap((eps) => [
      of(layernorm, { ...plain, eps }),
      of(l2norm, { ...plain, eps }),
      ...[...groups].map((groups) => of(groupnorm, { ...plain, eps, groups })),
    ]),
    ...[...small.map((eps) => shortest(eps * eps)), least].map((eps) =>
      of(l2norm, { ...plain, eps }),
    ),
  ];
}

/** Those that may be added before a division. */
const mostSmall = 8;

/**
 * Each way in which the numbers of the file may stand in a local response norm: all of them do, but for
 * the power by which it may square. One that is 1 may be left out.
 */
function responses(
  formula: Formula,
  windows: readonly number[],
  { value }: Flow,
): readonly Candidate[] {
  const [size = 1, ...others] = windows;
  if (!isImage(value.shape) || others.length > 0 || size % 2 === 0) return [];
  const found = numbersOf(formula);
  const due = found.filter((number) => number !== 1 && number !== 2);
  if (due.length > 3) return [];
  const numbers = [...new Set([...found, 1])];
  return numbers
    .flatMap((alpha) => numbers.flatMap((beta) => numbers.map((k) => ({ alpha, beta, k }))))
    .filter(({ alpha, beta, k }) => due.every((number) => [alpha, beta, k].includes(number)))
    .map((attrs) => of(lrn, { size, ...attrs }));
}

/** The constants above 0 of a formula that are one number, as people write them. */
function numbersOf(formula: Formula, isWanted = (_: number) => true): readonly number[] {
  const found = stepsOf(formula)
    .flatMap(({ operands }) => operands)
    .filter((operand) => operand instanceof Tensor && operand.size === 1)
    .flatMap((operand) => (operand as Tensor).numbers?.filter(isNumber) ?? []);
  return [...new Set(found.filter((number) => number > 0 && isWanted(number)).map(shortest))];
}

const windowsOf = (formula: Formula): readonly number[] =>
  stepsOf(formula).flatMap(({ step }) => step.windows);
