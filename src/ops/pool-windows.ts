import { type PoolAttrs, poolWindow } from "./pool-attrs.js";
import { channels, plane, type Shape } from "./shape.js";
import { slide, span, type Pair } from "./window.js";

/** Height and width of what a pool makes of an image. */
export const poolPlane = (input: Shape, attrs: PoolAttrs): Pair => slide(input, poolWindow(attrs));

/** Whether there is a pixel of the image in every window: not only padding, nor taps beside it. */
export function everyWindowMeets(input: Shape, attrs: PoolAttrs): boolean {
  const { kernel, stride, pads, dilation } = poolWindow(attrs);
  const starts = poolPlane(input, attrs);
  return [pads.top, pads.left].every((before, axis) =>
    range(starts[axis]!).every((i) =>
      range(kernel[axis]!).some((tap) => {
        const at = i * stride[axis]! - before + tap * dilation[axis]!;
        return at >= 0 && at < plane(input)[axis]!;
      }),
    ),
  );
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/**
 * Visits the windows over an image in the order of the result: the places of the taps inside it, and
 * how many there are with those in the padding.
 */
export function visitWindows(
  shape: Shape,
  attrs: PoolAttrs,
  visit: (at: number, taps: readonly number[], padded: number) => void,
): void {
  const { kernel, stride, pads, dilation } = poolWindow(attrs);
  const reach = [span(kernel[0], dilation[0]), span(kernel[1], dilation[1])] as const;
  const [height, width] = plane(shape);
  const [rows, columns] = poolPlane(shape, attrs);
  let at = 0;
  for (let c = 0; c < channels(shape); c++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [top, left] = [row * stride[0] - pads.top, column * stride[1] - pads.left];
        // Padding counts for an average, the overhang of ceil mode beyond it does not.
        const bottom = Math.min(top + reach[0], height + pads.bottom);
        const right = Math.min(left + reach[1], width + pads.right);
        const taps: number[] = [];
        for (let y = top; y < Math.min(bottom, height); y += dilation[0]) {
          for (let x = left; x < Math.min(right, width); x += dilation[1]) {
            if (y >= 0 && x >= 0) taps.push((c * height + y) * width + x);
          }
        }
        visit(at++, taps, (bottom - top) * (right - left));
      }
    }
  }
}
