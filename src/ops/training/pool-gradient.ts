/** The derivatives of pools, and the form of a max pool that says which tap it took. */
import { perImage } from "../evaluate.js";
import { inner } from "../inner.js";
import type { AdaptivePoolAttrs, PoolAttrs } from "../pool-attrs.js";
import { poolPlane, visitWindows } from "../pool-windows.js";
import type { BuildValue, Primitive, RuleBuilder, RuleNode } from "../primitive.js";
import { channels, elements, plane, type Shape } from "../shape.js";
import { visitBins } from "../adaptive-bins.js";

/** Of the input, which the derivative has again. */
interface Of {
  readonly shape: Shape;
}

const pooled = (input: Shape, attrs: PoolAttrs): Shape => [
  channels(input),
  ...poolPlane(input, attrs),
];

/**
 * A max pool's result, and beside each number the tap that it is: its place among those of the
 * window that lie in the image, row by row, the first of equals. A NaN wins, as in the result.
 */
export const maxPoolTaps: Primitive<PoolAttrs> = inner<PoolAttrs>({
  name: "maxpool-taps",
  operands: "one",
  infer: ([input], attrs) => [pooled(input!, attrs), pooled(input!, attrs)],
  results: ({ kernel }) => [{}, { dtype: elements(kernel) <= 256 ? "u8" : "i32" }],
  evaluate: perImage(({ inputs: [x] }, attrs) => {
    const size = elements(pooled(x!.shape, attrs));
    const [y, taken] = [new Float64Array(size), new Float64Array(size)];
    visitWindows(x!.shape, attrs, (at, taps) => {
      const values = taps.map((tap) => x!.data[tap]!);
      const best = values.findIndex(Number.isNaN);
      taken[at] = best >= 0 ? best : values.indexOf(Math.max(...values));
      y[at] = values[taken[at]]!;
    });
    return [y, taken];
  }),
  gradient: (b, { attrs, inputs: [x], outputs: [, taken] }, [dy]) => ({
    inputs: [dy && b.node(maxPoolGradient, [taken!, dy], { ...attrs, shape: x!.shape })],
  }),
});

/** From the taps taken and dy. */
export const maxPoolGradient = inner<PoolAttrs & Of>({
  name: "maxpool-gradient",
  infer: (_, { shape }) => [shape],
  evaluate: perImage(({ inputs: [taken, dy] }, attrs) => {
    const dx = new Float64Array(elements(attrs.shape));
    visitWindows(attrs.shape, attrs, (at, taps) => {
      dx[taps[taken!.data[at]!]!]! += dy!.data[at]!;
    });
    return [dx];
  }),
});

/** From dy: each tap gets its share. */
export const avgPoolGradient = inner<PoolAttrs & Of>({
  name: "avgpool-gradient",
  operands: "one",
  infer: (_, { shape }) => [shape],
  evaluate: perImage(({ inputs: [dy] }, attrs) => {
    const dx = new Float64Array(elements(attrs.shape));
    visitWindows(attrs.shape, attrs, (at, taps, padded) => {
      const share = dy!.data[at]! / (attrs.countPad ? padded : taps.length);
      for (const tap of taps) dx[tap]! += share;
    });
    return [dx];
  }),
});

/** From dy: each number of a bin gets its share. */
export const adaptivePoolGradient = inner<AdaptivePoolAttrs & Of>({
  name: "adaptiveavgpool-gradient",
  operands: "one",
  infer: (_, { shape }) => [shape],
  evaluate: perImage(({ inputs: [dy] }, { shape, size }) => {
    const dx = new Float64Array(elements(shape));
    const [pixels, bins] = [elements(plane(shape)), elements(size)];
    for (let c = 0; c < channels(shape); c++) {
      visitBins(plane(shape), size, (bin, members) => {
        const share = dy!.data[c * bins + bin]! / members.length;
        for (const member of members) dx[c * pixels + member]! += share;
      });
    }
    return [dx];
  }),
});

/** Of a pool whose derivative hangs on dy alone. */
export const sharing =
  <A extends object>(gradient: Primitive<A & Of>): NonNullable<Primitive<A>["gradient"]> =>
  (
    b: RuleBuilder,
    { attrs, inputs: [x] }: RuleNode<A>,
    [dy]: readonly (BuildValue | undefined)[],
  ) => ({
    inputs: [b.node(gradient, [dy!], { ...attrs, shape: x!.shape })],
  });
