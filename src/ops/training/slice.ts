import { inner } from "../inner.js";
import { joined, perImage } from "../evaluate.js";
import { channels, elements, type Shape } from "../shape.js";

export interface SliceAttrs {
  /** The first channel, and how many. */
  readonly from: number;
  readonly count: number;
}

/** Some channels, one after the other, of an image or a vector: what a concat gives back. */
export const slice = inner<SliceAttrs>({
  name: "slice",
  operands: "one",
  infer: ([input], { count }) => [[count, ...input!.slice(1)]],
  format: ({ from, count }) => `${from}..${from + count - 1}`,
  tolerance: 0,
  evaluate: perImage(({ inputs: [x] }, { from, count }) => {
    const row = elements(x!.shape.slice(1));
    return [joined([x!.data.subarray(from * row, (from + count) * row)])];
  }),
});

/** Where each of the values lies that are side by side. */
export function slicesOf(shapes: readonly Shape[]): readonly SliceAttrs[] {
  let from = 0;
  return shapes.map((shape) => {
    const own = { from, count: channels(shape) };
    from += own.count;
    return own;
  });
}
