/** Shape rules that several operators share. */
import type { ShapeProblem } from "./operator.js";
import { formatShape, isImage, plane, type Shape } from "./shape.js";
import { slide, span, type Window } from "./window.js";

/** Refuses a vector where an image is needed. */
export const needsImage = (operator: string, input: Shape): ShapeProblem | undefined =>
  isImage(input)
    ? undefined
    : { code: "shape/rank", params: { operator, shape: formatShape(input) } };

/** The plane that a window leaves, as a shape with `channels`; or a window larger than its input. */
export function windowed(input: Shape, window: Window, channels: number): Shape | ShapeProblem {
  const [height, width] = slide(input, window);
  if (height >= 1 && width >= 1) return [channels, height, width];
  return {
    code: "shape/empty",
    params: {
      window: [
        span(window.kernel[0], window.dilation[0]),
        span(window.kernel[1], window.dilation[1]),
      ].join("x"),
      input: plane(input).join("x"),
      padded: paddedPlane(input, window).join("x"),
    },
  };
}

export function paddedPlane(input: Shape, { pads }: Window): readonly [number, number] {
  const [height, width] = plane(input);
  return [height + pads.top + pads.bottom, width + pads.left + pads.right];
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
