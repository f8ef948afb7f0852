import { first, perImage } from "./evaluate.js";
import type { OnnxForm } from "./onnx.js";
import type { PoolAttrs } from "./pool-attrs.js";
import { avgPoolReaders, maxPoolReaders } from "./onnx-reading/pools.js";
import { writeAvgPool, writeMaxPool } from "./pool-onnx.js";
import type { Operand, Primitive } from "./primitive.js";
import { firstRange, type Range } from "./range.js";
import { channels, elements, plane, type Shape } from "./shape.js";
import { formatPads, formatWindow, slide, words, type Pair } from "./window.js";

interface PoolFacts {
  readonly name: string;
  readonly tolerance: number;
  readonly reduce: Reduce;
  readonly range: (x: Range, attrs: PoolAttrs, shape: Shape) => Range;
  readonly onnx: OnnxForm<PoolAttrs>;
}

/** Of the taps inside the image; `padded` counts those in the padding too. */
type Reduce = (taps: readonly number[], attrs: PoolAttrs, padded: number) => number;

const primitive = ({ reduce, range, ...facts }: PoolFacts): Primitive<PoolAttrs> => ({
  ...facts,
  infer: ([input], attrs) => [[channels(input!), ...poolPlane(input!, attrs)]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ kernel, stride, pads, ceil, countPad }) =>
    words(
      formatWindow(kernel, stride),
      formatPads(pads),
      ceil ? "ceil" : "",
      countPad || facts.name === "maxpool" ? "" : "padding not counted",
    ),
  inPlace: false,
  range: (inputs, attrs, [shape]) => range(firstRange(inputs), attrs, shape!),
  evaluate: perImage(({ inputs }, attrs) => [pool(first(inputs), attrs, reduce)]),
});

const poolPlane = (input: Operand["shape"], attrs: PoolAttrs): Pair =>
  slide(input, { ...attrs, dilation: [1, 1] });

/** The largest value under the window; padding is -inf, NaN wins. */
export const maxPool = primitive({
  name: "maxpool",
  tolerance: 0,
  // A window over one pixel alone takes it as it is; of several, channels may take different ones.
  range: (x, { kernel }, shape) => {
    const alone = elements(kernel) === 1 || elements(plane(shape)) === 1;
    return alone ? x : { low: x.low, high: x.high };
  },
  reduce: (taps) => taps.reduce((a, b) => Math.max(a, b), -Infinity),
  onnx: { write: writeMaxPool, read: maxPoolReaders },
});

export const avgPool = primitive({
  name: "avgpool",
  tolerance: 1e-6,
  // Zeros around the image that count pull towards 0; otherwise an average keeps bounds and sums.
  range: (x, { pads, countPad }) => {
    const padded = countPad && Object.values(pads).some((pad) => pad > 0);
    return padded ? { low: Math.min(0, x.low), high: Math.max(0, x.high) } : x;
  },
  reduce: (taps, { countPad }, padded) =>
    taps.reduce((a, b) => a + b, 0) / (countPad ? padded : taps.length),
  onnx: { write: writeAvgPool, read: avgPoolReaders },
});

function pool({ shape, data }: Operand, attrs: PoolAttrs, reduce: Reduce): Float64Array {
  const { kernel, stride, pads } = attrs;
  const [height, width] = plane(shape);
  const [rows, columns] = poolPlane(shape, attrs);
  const result = new Float64Array(channels(shape) * rows * columns);
  let at = 0;
  for (let c = 0; c < channels(shape); c++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [top, left] = [row * stride[0] - pads.top, column * stride[1] - pads.left];
        // Padding counts for an average, the overhang of ceil mode beyond it does not.
        const bottom = Math.min(top + kernel[0], height + pads.bottom);
        const right = Math.min(left + kernel[1], width + pads.right);
        const taps: number[] = [];
        for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
          for (let x = Math.max(left, 0); x < Math.min(right, width); x++) {
            taps.push(data[(c * height + y) * width + x]!);
          }
        }
        result[at++] = reduce(taps, attrs, (bottom - top) * (right - left));
      }
    }
  }
  return result;
}
