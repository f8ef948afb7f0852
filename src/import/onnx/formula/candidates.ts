/** The primitives that a formula may be. */
import { activationNames, activationPrimitives, activations } from "../../../ops/activations.js";
import { groupnorm } from "../../../ops/groupnorm.js";
import { l2norm } from "../../../ops/l2norm.js";
import { identity } from "../../../ops/identity.js";
import { layernorm } from "../../../ops/layernorm.js";
import { shortest } from "../../../ops/onnx-reading/reader.js";
import type { Primitive } from "../../../ops/primitive.js";
import { isImage } from "../../../ops/shape.js";
import type { Meaning } from "../meaning.js";
import { isNumber } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import type { Flow } from "../flow/flow.js";
import { Formula } from "../meaning.js";
import { reduces } from "./inputs.js";
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
): readonly Candidate[] => (reduces(formula) ? norms(formula, source) : functions(samples, given));

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
  const small = smallNumbers(formula);
  return [
    ...small.flatMap((eps) => [
      of(layernorm, { ...plain, eps }),
      of(l2norm, { ...plain, eps }),
      ...[...groups].map((groups) => of(groupnorm, { ...plain, eps, groups })),
    ]),
    ...[...small.map((eps) => eps * eps), least].map((eps) => of(l2norm, { ...plain, eps })),
  ];
}

/** The constants of a formula that may be added before a division. */
function smallNumbers(formula: Formula): readonly number[] {
  const found = new Set<number>();
  const visit = (meaning: Meaning): void => {
    if (meaning instanceof Tensor && meaning.size === 1) {
      const [number] = meaning.numbers ?? [];
      if (number !== undefined && isNumber(number) && number > 0 && number < 0.5)
        found.add(shortest(number));
    }
    if (meaning instanceof Formula) meaning.operands.forEach(visit);
  };
  visit(formula);
  return [...found].slice(0, 8);
}
