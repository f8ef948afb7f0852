/**
 * Numbers that a file computes from shapes. Where the batch is free, some of them are multiples of it.
 */

/** So many times the batch, of which there is 1 image at least. */
export class Images {
  constructor(readonly times: number) {}

  of(times: number): Images {
    return new Images(times);
  }
}

export type Element = number | Images;

export const isNumber = (element: Element): element is number => typeof element === "number";

export const sameElement = (a: Element, b: Element): boolean =>
  isNumber(a) || isNumber(b) ? a === b : a.times === b.times;

/** The result, or undefined where it hangs on the batch in another way than as a multiple. */
export type OfTwo = (a: Element, b: Element) => Element | undefined;

export const times: OfTwo = (a, b) => {
  if (isNumber(a)) return isNumber(b) ? a * b : scaled(b, a);
  return isNumber(b) ? scaled(a, b) : undefined;
};

export const plus: OfTwo = (a, b) => {
  if (isNumber(a) && isNumber(b)) return a + b;
  if (a === 0 || b === 0) return a === 0 ? b : a;
  return isNumber(a) || isNumber(b) ? undefined : scaled(a, (a.times + b.times) / a.times);
};

export const minus: OfTwo = (a, b) => {
  const negative = times(b, -1);
  return negative === undefined ? undefined : plus(a, negative);
};

/** @param whole whether they are integers, of which ONNX rounds towards 0 */
export const over =
  (whole: boolean): OfTwo =>
  (a, b) => {
    const cut = (x: number): number => (whole ? Math.trunc(x) : x);
    if (isNumber(a)) return isNumber(b) ? cut(a / b) : a === 0 ? 0 : undefined;
    if (!isNumber(b)) return cut(a.times / b.times);
    const share = a.times / b;
    return whole && !Number.isInteger(share) ? undefined : scaled(a, 1 / b);
  };

/** What is larger whatever the batch is: undefined where that hangs on it. */
export function compared(a: Element, b: Element): number | undefined {
  if (isNumber(a) && isNumber(b)) return Math.sign(a - b);
  const difference = minus(a, b);
  if (difference !== undefined)
    return Math.sign(isNumber(difference) ? difference : difference.times);
  // The least that the multiple can be is itself, for a batch of 1.
  if (!isNumber(a) && isNumber(b)) return a.times > b ? 1 : undefined;
  if (isNumber(a) && !isNumber(b)) return b.times > a ? -1 : undefined;
  return undefined;
}

const scaled = ({ times }: Images, by: number): Element => (by === 0 ? 0 : new Images(times * by));

export const shown = (element: Element): string => {
  if (isNumber(element)) return `${element}`;
  return element.times === 1 ? "N" : `${element.times}N`;
};

export const shownShape = (elements: readonly Element[]): string => elements.map(shown).join(" x ");
