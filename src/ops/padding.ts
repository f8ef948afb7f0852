/** Padding is never guessed: what an argument says becomes pixels here, or a finding. */
import type { PadArg, PixelPad } from "./kinds.js";
import type { ShapeProblem } from "./operator.js";
import { plane, type Shape } from "./shape.js";
import { formatWindow, noPads, slide, span, type Pads, type Pair, type Window } from "./window.js";

export type Unpadded = Omit<Window, "pads">;

/** The pads in pixels, or why `pad` cannot say. */
export function resolvePads(input: Shape, window: Unpadded, pad: PadArg): Pads | ShapeProblem {
  if (pad === "tf_same") return tensorflowPads(input, window);
  if (pad !== "same") return pixelPads(pad);
  return odd(window.kernel) ? samePads(window) : evenSame(window);
}

export function pixelPads(pad: PixelPad): Pads {
  if ("top" in pad) return pad;
  return { top: pad[0], left: pad[1], bottom: pad[0], right: pad[1] };
}

/** A convolution that says nothing: `same` at stride 1, none for a 1x1, else it has to say. */
export function defaultPads(input: Shape, window: Unpadded): Pads | ShapeProblem {
  const { kernel, stride } = window;
  if (kernel.every((side) => side === 1)) return noPads;
  if (odd(kernel) && stride.every((each) => each === 1)) return samePads(window);
  const without = slide(input, { ...window, pads: noPads }).join("x");
  const best = odd(kernel) ? "same" : "tf_same";
  return {
    code: "shape/ambiguous-padding",
    params: { window: formatWindow(kernel, stride), why: odd(kernel) ? "stride" : "even" },
    write: { argument: "pad", text: best },
    help: `pad: 0 for ${without}`,
  };
}

export const odd = (kernel: Pair): boolean => kernel.every((side) => side % 2 === 1);

/** dilation * (k - 1) / 2 on each side, at any stride. */
export function samePads({ kernel, dilation }: Unpadded): Pads {
  const [vertical, horizontal] = [
    (dilation[0] * (kernel[0] - 1)) / 2,
    (dilation[1] * (kernel[1] - 1)) / 2,
  ];
  return { top: vertical, left: horizontal, bottom: vertical, right: horizontal };
}

function evenSame({ kernel, stride }: Unpadded): ShapeProblem {
  return {
    code: "shape/ambiguous-padding",
    params: { window: formatWindow(kernel, stride), why: "even-same" },
    argument: "pad",
    write: { argument: "pad", text: "tf_same" },
  };
}

/** TensorFlow's SAME: output ceil(in / stride); an odd rest goes after the image. */
export function tensorflowPads(input: Shape, { kernel, stride, dilation }: Unpadded): Pads {
  const [height, width] = plane(input);
  const [top, bottom] = tensorflowSides(height, span(kernel[0], dilation[0]), stride[0]);
  const [left, right] = tensorflowSides(width, span(kernel[1], dilation[1]), stride[1]);
  return { top, left, bottom, right };
}

/** What goes before and after the image along one side. */
export function tensorflowSides(size: number, kernel: number, stride: number): [number, number] {
  const positions = Math.ceil(size / stride);
  const total = Math.max((positions - 1) * stride + kernel - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
