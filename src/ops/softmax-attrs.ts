import { elements, type Shape } from "./shape.js";
import { words } from "./window.js";

/** What a distribution is over: channels at each pixel, unless it says another side. */
export interface SoftmaxAttrs {
  readonly axis?: "height" | "width";
}

/** `log` gives the logarithms of the probabilities. */
export interface DistributionAttrs extends SoftmaxAttrs {
  readonly log?: true;
}

export const formatDistribution = ({ axis, log }: DistributionAttrs): string =>
  words(log ? "log" : "", axis ?? "");

/** The dimension of an image or a vector that it is over, the batch not counted. */
export const axisOf = ({ axis }: SoftmaxAttrs): 0 | 1 | 2 =>
  axis === undefined ? 0 : axis === "height" ? 1 : 2;

/** Calls `visit` with the places of each distribution's numbers, for one image. */
export function eachLine(
  shape: Shape,
  attrs: SoftmaxAttrs,
  visit: (places: readonly number[]) => void,
): void {
  const axis = axisOf(attrs);
  const [count, step] = [shape[axis]!, elements(shape.slice(axis + 1))];
  for (let line = 0; line < elements(shape) / count; line++) {
    const first = Math.floor(line / step) * step * count + (line % step);
    visit(Array.from({ length: count }, (_, k) => first + k * step));
  }
}
