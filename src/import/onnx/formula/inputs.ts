import { elements } from "../../../ops/shape.js";
import type { Flow } from "../flow/flow.js";
import { Formula } from "../meaning.js";
import type { Meaning } from "../meaning.js";
import type { Sample } from "./sample.js";

interface Magnitude {
  readonly scale: number;
  /** The largest relative difference of what is the same function. */
  readonly tolerance: number;
}

/** Numbers of one magnitude. */
export interface Trial extends Sample, Pick<Magnitude, "tolerance"> {}

/** Beyond this a formula is not tried: it takes too long, and no norm has as many channels. */
const mostElements = 1 << 17;

/** As many as tell one function from another, at least. */
const enough = 200;
/** Of height and width, and of channels where each element is looked at alone. */
const side = 3;
const fewChannels = 16;

/** Constants of a file are f32. */
const exact = 2e-6;

const exactly = (scale: number): Magnitude => ({ scale, tolerance: exact });

/**
 * What is added to a length, under its root or behind it, is to keep nothing from being divided by
 * nothing: vectors that are not much longer may come out otherwise. One at which others are cut off is
 * found by these all the same.
 */
const almostNothing: readonly Magnitude[] = [
  { scale: 1e-5, tolerance: 5e-5 },
  { scale: 1e-8, tolerance: 2e-2 },
];

/**
 * Of the first a slope is read. Of elements alone there is one for each power of ten: a limit, wherever
 * it is, is passed by some of them. Where sums are taken, small ones tell what is added before a division,
 * and what a length is cut off at.
 */
const alone = [8, ...Array.from({ length: 13 }, (_, i) => 10 ** (i - 4))].map(exactly);
const summed = [...[1, 1e-3, 1e3].map(exactly), ...almostNothing];

/**
 * Numbers for the source of a formula, the batch first, in its own order: few pixels, but all channels
 * where sums are taken over them. Each sample is of one magnitude.
 */
export function samplesOf(formula: Formula, { value, arrangement }: Flow): readonly Trial[] {
  const sums = reduces(formula);
  const isParted = (axis: number): boolean =>
    arrangement
      .flat()
      .some((stretch) => stretch.axis === axis && stretch.size !== value.shape[axis - 1]);
  const most = (axis: number): number => (axis > 1 ? side : sums ? Infinity : fewChannels);
  const sides = value.shape.map((size, i) =>
    isParted(i + 1) ? size : Math.min(size, most(i + 1)),
  );
  const shape = [Math.ceil(enough / elements(sides)), ...sides];
  if (elements(shape) > mostElements) return [];
  return (sums ? summed : alone).map(({ scale, tolerance }, i) => ({
    shape,
    data: drawn(elements(shape), scale, i + 1),
    tolerance,
  }));
}

/** Whether it looks at more than one element for each of its results. */
export const reduces = (formula: Formula): boolean => stepsOf(formula).some((step) => step.reduces);

/** The formulas that one is made of, each once. */
export function stepsOf(formula: Formula): readonly Formula[] {
  const found = new Set<Formula>();
  const visit = (meaning: Meaning): void => {
    if (!(meaning instanceof Formula) || found.has(meaning)) return;
    found.add(meaning);
    meaning.operands.forEach(visit);
  };
  visit(formula);
  return [...found];
}

/** Evenly over -scale to scale, with 0 and some of both signs close to it: the golden ratio's multiples. */
function drawn(count: number, scale: number, seed: number): Float64Array {
  const ratio = (Math.sqrt(5) - 1) / 2;
  return Float64Array.from({ length: count }, (_, i) => {
    const at = ((i + 1) * ratio + seed * 0.137) % 1;
    return (2 * at - 1 + 0.25) * scale;
  });
}
