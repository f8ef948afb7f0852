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

function paddedShape(input: Shape, { pads }: Window): Shape {
  const [height, width] = plane(input);
  return [channels(input), height + pads.top + pads.bottom, width + pads.left + pads.right];
}

/** Lists of one number a channel must have as many numbers as there are channels. */
export const perChannelProblem = (
  argument: string,
  values: readonly number[],
  channels: number,
): ShapeProblem | undefined =>
  values.length === 1 || values.length === channels
    ? undefined
    : { code: "shape/channels", params: { argument, given: values.length, channels }, argument };
