/** Shape rules that several operators share. */
import type { ShapeProblem } from "./operator.js";
import { channels, elements, formatShape, isImage, plane, type Shape } from "./shape.js";
import { slide, span, type Window } from "./window.js";

/** Refuses a vector where an image is needed. */
export const needsImage = (operator: string, input: Shape): ShapeProblem | undefined =>
  isImage(input)
    ? undefined
    : { code: "shape/rank", params: { operator, shape: formatShape(input) } };

/** Indices and sizes are 32-bit integers in the emitted code. */
export const mostElements = 2 ** 31 - 1;

/** The plane that a window leaves, with `channels`; or why the window does not fit. */
export function windowed(input: Shape, window: Window, channels: number): Shape | ShapeProblem {
  const padded = paddedShape(input, window);
  if (elements(padded) > mostElements) {
    const params = { what: "padded input", shape: formatShape(padded), limit: mostElements };
    return { code: "shape/too-large", params };
  }
  const [height, width] = slide(input, window);
  if (height >= 1 && width >= 1) return [channels, height, width];
  const { kernel, dilation } = window;
  const room = plane(padded).join("x");
  return {
    code: "shape/empty",
    params: {
      window: [span(kernel[0], dilation[0]), span(kernel[1], dilation[1])].join("x"),
      input: plane(input).join("x"),
      padded: room,
    },
    help: `take a window of at most ${room}`,
  };
}

/** What a window moves over. */
export function paddedShape(input: Shape, { pads }: Pick<Window, "pads">): Shape {
  const [height, width] = plane(input);
  return [channels(input), height + pads.top + pads.bottom, width + pads.left + pads.right];
}

/**
 * Channels divide into the groups.
 *
 * @param counts of what goes in and, where that has channels of its own, of what comes out
 */
export function groupsProblem(
  groups: number,
  counts: { readonly input: number; readonly output?: number },
): ShapeProblem | undefined {
  const { input, output = input } = counts;
  const side = input % groups !== 0 ? "input" : output % groups !== 0 ? "output" : undefined;
  if (side === undefined) return undefined;
  const dividing = nearest(divisors(greatestDivisor(input, output)), groups);
  const whole = input === output ? `${input}` : `${input} and ${output}`;
  return {
    code: "shape/groups",
    params: { groups, side, channels: side === "input" ? input : output },
    argument: "groups",
    help: `groups that divide ${whole}: ${dividing.join(", ")}`,
  };
}

/** What is wrong with a node of such groups, as the graph is checked. */
export const groupsMisfit = (
  [input]: readonly Shape[],
  { groups = 1 }: { readonly groups?: number },
): string | undefined =>
  channels(input!) % groups === 0
    ? undefined
    : `divides ${channels(input!)} channels into ${groups} groups`;

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** From 1 on, in order. */
function divisors(of: number): readonly number[] {
  const small: number[] = [];
  for (let d = 1; d * d <= of; d++) if (of % d === 0) small.push(d);
  return [...new Set([...small, ...small.map((d) => of / d).reverse()])];
}

/** The six that are next to a number, in order. */
const nearest = (numbers: readonly number[], to: number): readonly number[] =>
  numbers
    .toSorted((a, b) => Math.abs(a - to) - Math.abs(b - to))
    .slice(0, 6)
    .sort((a, b) => a - b);

/** Lists of one number a channel must have as many numbers as there are channels. */
export const perChannelProblem = (
  argument: string,
  values: readonly number[],
  channels: number,
): ShapeProblem | undefined =>
  values.length === 1 || values.length === channels
    ? undefined
    : { code: "shape/channels", params: { argument, given: values.length, channels }, argument };
