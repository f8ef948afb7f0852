import { activatedRange, formatApplied, functionOf } from "./activations.js";
import { first, perImage } from "./evaluate.js";
import type { OnnxForm } from "./onnx.js";
import type { PoolAttrs } from "./pool-attrs.js";
import { correctedAvgPool, paddedMaxPool } from "./onnx-reading/pool-sequences.js";
import { avgPoolReaders, maxPoolReaders } from "./onnx-reading/pools.js";
import { avgPoolGradient, maxPoolTaps, sharing } from "./training/pool-gradient.js";
import { writeAvgPool, writeMaxPool } from "./pool-onnx.js";
import { poolPlane, visitWindows } from "./pool-windows.js";
import type { Operand, Primitive } from "./primitive.js";
import { firstRange, type Range } from "./range.js";
import { channels, elements, plane, type Shape } from "./shape.js";
import { formatPads, formatPair, formatWindow, words } from "./window.js";

interface PoolFacts {
  readonly name: string;
  readonly tolerance: number;
  readonly reduce: Reduce;
  readonly range: (x: Range, attrs: PoolAttrs, shape: Shape) => Range;
  readonly onnx: OnnxForm<PoolAttrs>;
  readonly training?: NonNullable<Primitive<PoolAttrs>["training"]>;
  readonly gradient?: NonNullable<Primitive<PoolAttrs>["gradient"]>;
}

/** Of the taps inside the image; `padded` counts those in the padding too. */
type Reduce = (taps: readonly number[], attrs: PoolAttrs, padded: number) => number;

const primitive = ({ reduce, range, ...facts }: PoolFacts): Primitive<PoolAttrs> => ({
  ...facts,
  infer: ([input], attrs) => [[channels(input!), ...poolPlane(input!, attrs)]],
  weights: () => ({}),
  macs: () => 0,
  format: ({ kernel, stride, pads, ceil, countPad, dilation, ...applied }) =>
    words(
      formatWindow(kernel, stride),
      formatPads(pads),
      dilation === undefined ? "" : `dilation ${formatPair(dilation)}`,
      ceil ? "ceil" : "",
      countPad || facts.name === "maxpool" ? "" : "padding not counted",
      formatApplied(applied),
    ),
  inPlace: false,
  range: (inputs, attrs, [shape]) =>
    activatedRange(range(firstRange(inputs), attrs, shape!), attrs),
  evaluate: perImage(({ inputs }, attrs) => [pool(first(inputs), attrs, reduce)]),
});

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
  training: (b, { inputs, attrs }) => b.nodes(maxPoolTaps, inputs, attrs).slice(0, 1),
  onnx: { write: writeMaxPool, read: maxPoolReaders, sequence: paddedMaxPool },
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
  gradient: sharing(avgPoolGradient),
  onnx: { write: writeAvgPool, read: avgPoolReaders, sequence: correctedAvgPool },
});

function pool({ shape, data }: Operand, attrs: PoolAttrs, reduce: Reduce): Float64Array {
  const result = new Float64Array(channels(shape) * elements(poolPlane(shape, attrs)));
  const applied = functionOf(attrs);
  visitWindows(shape, attrs, (at, taps, padded) => {
    const values = taps.map((tap) => data[tap]!);
    result[at] = applied(reduce(values, attrs, padded));
  });
  return result;
}
