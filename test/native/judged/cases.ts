/** What the kernels of training are judged by: odd extents, uneven pads, ceil, few and many channels. */
import { activationGradient, activationNames } from "../../../src/ops/activations.js";
import { groupnorm } from "../../../src/ops/groupnorm.js";
import { l2norm } from "../../../src/ops/l2norm.js";
import { layernorm } from "../../../src/ops/layernorm.js";
import type { Primitive } from "../../../src/ops/primitive.js";
import type { AdaptivePoolAttrs, PoolAttrs } from "../../../src/ops/pool-attrs.js";
import { poolPlane } from "../../../src/ops/pool-windows.js";
import type { Shape } from "../../../src/ops/shape.js";
import { bilinear } from "../../../src/ops/bilinear.js";
import { bilinearGradient } from "../../../src/ops/training/bilinear-gradient.js";
import { batchNormFrozenGradient } from "../../../src/ops/training/batchnorm-frozen.js";
import { batchNormGradient, batchNormTraining } from "../../../src/ops/training/batchnorm.js";
import { dropoutTraining } from "../../../src/ops/training/dropout.js";
import { maxGradient } from "../../../src/ops/training/joins.js";
import { imageNormGradient } from "../../../src/ops/training/image-norm-gradient.js";
import { lrnGradient } from "../../../src/ops/training/lrn-gradient.js";
import { ones } from "../../../src/ops/training/ones.js";
import {
  adaptivePoolGradient,
  avgPoolGradient,
  maxPoolGradient,
  maxPoolTaps,
} from "../../../src/ops/training/pool-gradient.js";
import { preluGradient } from "../../../src/ops/training/prelu-gradient.js";
import { reshape } from "../../../src/ops/training/reshape.js";
import { slice } from "../../../src/ops/joins/concat.js";
import { shuffle } from "../../../src/ops/shuffle.js";
import { softmaxGradient } from "../../../src/ops/training/softmax-gradient.js";
import { sumChannels } from "../../../src/ops/training/sum-channels.js";
import { sumPlane } from "../../../src/ops/training/sum-plane.js";
import { zerosLike } from "../../../src/ops/training/zeros-like.js";
import type { Random } from "../../support/random.js";
import {
  coarse,
  counters,
  type Drawn,
  draw,
  type Facts,
  type Fill,
  poisoned,
  positive,
  signed,
} from "./nodes.js";

const channels = (random: Random): number => random.pick([1, 3, 16, 17, 33, 64]);
const image = (random: Random): Shape => [
  channels(random),
  random.integer(1, 7),
  random.integer(2, 9),
];
const extent = (random: Random): Shape =>
  random.chance(0.7) ? image(random) : [random.pick([1, 10, 33, 100])];

/** A window that fits, of at least a pixel of the image each. */
function pool(random: Random): { readonly attrs: PoolAttrs; readonly shape: Shape } {
  const [y, x] = [axis(random), axis(random)];
  return {
    shape: [channels(random), y.size, x.size],
    attrs: {
      kernel: [y.kernel, x.kernel],
      stride: [y.stride, x.stride],
      pads: { top: y.before, left: x.before, bottom: y.after, right: x.after },
      ceil: random.chance(0.5),
      countPad: random.chance(0.5),
    },
  };
}

function axis(random: Random) {
  const kernel = random.pick([1, 2, 3, 3, 5]);
  const [before, after] = [random.integer(0, kernel >> 1), random.integer(0, kernel >> 1)];
  const least = Math.max(1, kernel - before - after);
  const size = random.integer(least, least + 11);
  return { kernel, stride: random.integer(1, 4), before, after, size };
}

/** The derivative of a max pool, from taps that it took. */
function maxPoolBack(random: Random, { attrs, shape }: ReturnType<typeof pool>): Drawn {
  const forward = draw(random, maxPoolTaps, { attrs, shapes: [shape], fills: [coarse] });
  const [x] = forward.numbers.values();
  const { n } = forward;
  const operands = { inputs: [{ shape, data: Float64Array.from(x!) }], weights: {} };
  const taken = maxPoolTaps.evaluate(operands, attrs, n)[1]!;
  const small = attrs.kernel[0] * attrs.kernel[1] <= 256;
  const taps = small ? Uint8Array.from(taken) : Int32Array.from(taken);
  const out = [shape[0]!, ...poolPlane(shape, attrs)];
  const facts = { attrs: { ...attrs, shape }, shapes: [out, out], fills: [taps] };
  return draw(random, maxPoolGradient, facts, n);
}

/** More taps than a byte can tell apart. */
const large: ReturnType<typeof pool> = {
  shape: [17, 19, 18],
  attrs: {
    kernel: [17, 16],
    stride: [1, 2],
    pads: { top: 1, left: 0, bottom: 2, right: 3 },
    ceil: false,
    countPad: true,
  },
};

/** A last window that hangs over the padding, which alone counts. */
const overhanging: ReturnType<typeof pool> = {
  shape: [17, 6, 7],
  attrs: {
    kernel: [3, 3],
    stride: [2, 2],
    pads: { top: 0, left: 1, bottom: 0, right: 1 },
    ceil: true,
    countPad: true,
  },
};

/** Taps of which some lie in the padding, and none of its neighbours. */
const spread: ReturnType<typeof pool> = {
  shape: [17, 9, 8],
  attrs: {
    kernel: [3, 2],
    stride: [2, 1],
    pads: { top: 2, left: 1, bottom: 2, right: 0 },
    ceil: true,
    countPad: true,
    dilation: [2, 3],
  },
};

function pools(random: Random): readonly Drawn[] {
  const some = [...Array.from({ length: 4 }, () => pool(random)), large, overhanging, spread];
  return some.flatMap(({ attrs, shape }) => {
    const out = [shape[0]!, ...poolPlane(shape, attrs)];
    return [
      draw(random, maxPoolTaps, { attrs, shapes: [shape], fills: [coarse] }),
      draw(random, maxPoolTaps, { attrs, shapes: [shape], fills: [poisoned(coarse)] }),
      maxPoolBack(random, { attrs, shape }),
      ...(attrs.dilation === undefined
        ? [draw(random, avgPoolGradient, { attrs: { ...attrs, shape }, shapes: [out] })]
        : []),
    ];
  });
}

function bins(random: Random): Drawn {
  const shape = [channels(random), random.integer(1, 13), random.integer(1, 17)];
  const size = [random.pick([1, 1, 2, 5]), random.pick([1, 3])] as const;
  const attrs: AdaptivePoolAttrs & { shape: Shape } = { size, shape };
  return draw(random, adaptivePoolGradient, { attrs, shapes: [[shape[0]!, ...size]] });
}

/** By factors whose columns lie in the middles of pixels and between them; of one row, of one column. */
function larger(random: Random): readonly Drawn[] {
  const factors = [[1, 1], [2, 2], [3, 2], [1, 4], [5, 3], [8, 1]] as const;
  return factors.flatMap((factor) => {
    const shape = [channels(random), random.integer(1, 5), random.integer(1, 6)];
    const out = [shape[0]!, shape[1]! * factor[0], shape[2]! * factor[1]];
    return [
      draw(random, bilinear, { attrs: { factor }, shapes: [shape] }),
      draw(random, bilinear, { attrs: { factor }, shapes: [shape], fills: [poisoned(signed)] }),
      draw(random, bilinearGradient, { attrs: { factor, shape }, shapes: [out] }),
      draw(random, bilinearGradient, {
        attrs: { factor, shape },
        shapes: [out],
        fills: [poisoned(signed)],
      }),
    ];
  });
}

/** With and without weights, around and far from 0. */
function norms(random: Random, shape: Shape): readonly Drawn[] {
  const [scale, shift] = [random.chance(0.5), random.chance(0.5)];
  const attrs = { eps: 1e-3, scale, shift, momentum: 0.3 };
  const roles = { running_var: positive, inverse: positive };
  return [
    draw(random, batchNormTraining, { attrs, shapes: [shape], roles }),
    draw(random, batchNormTraining, {
      attrs: { ...attrs, scale: true, shift: true },
      shapes: [shape],
      fills: [(random, count) => random.floats(count, 1, 2)],
      roles,
    }),
    draw(random, batchNormTraining, {
      attrs: { ...attrs, activation: "relu" },
      shapes: [shape],
      roles,
    }),
    ...[batchNormGradient, batchNormFrozenGradient].map((primitive) =>
      draw(random, primitive, { attrs, shapes: [shape, shape], roles }),
    ),
    draw(random, batchNormGradient, {
      attrs: { ...attrs, activation: "relu" },
      shapes: [shape, shape],
      roles,
    }),
  ];
}

function elementwise(random: Random): readonly Drawn[] {
  const pair = <A>(primitive: Primitive<A>, attrs: A, more: Partial<Facts<A>> = {}): Drawn => {
    const shape = extent(random);
    return draw(random, primitive, { attrs, shapes: [shape, shape], ...more });
  };
  return [
    ...activationNames.map((activation) => pair(activationGradient, { activation })),
    pair(activationGradient, { activation: "leakyrelu", alpha: 0.25 }),
    pair(activationGradient, { activation: "elu", alpha: 0.5 }),
    pair(activationGradient, { activation: "relu" }, { fills: [poisoned(coarse)] }),
    ...slopes(random),
    ...[0, 0.4].map((p) => {
      const shapes = [p === 0 ? [5] : extent(random)];
      const attrs = { p, stream: random.integer(0, 9) };
      return draw(random, dropoutTraining, { attrs, shapes, roles: { random: counters } });
    }),
    draw(random, dropoutTraining, {
      attrs: { p: 0.7, stream: 2 },
      shapes: [[33, 5, 7]],
      roles: { random: counters },
    }),
    draw(random, ones, { attrs: {}, shapes: [extent(random)] }),
    draw(random, zerosLike, { attrs: {}, shapes: [extent(random)] }),
    shared(random),
  ];
}

/** Of slopes of a channel each, or of all; more blocks than threads. */
const slopes = (random: Random): readonly Drawn[] =>
  [false, true].flatMap((shared) => [
    draw(random, preluGradient, { attrs: { shared }, shapes: twice(image(random)) }),
    draw(random, preluGradient, { attrs: { shared }, shapes: twice([70, 12, 13]) }),
  ]);

const twice = (shape: Shape): readonly Shape[] => [shape, shape];

/** The derivative of a maximum of three, by one of them. */
function shared(random: Random): Drawn {
  const shape = extent(random);
  const attrs = { operand: random.integer(0, 2) };
  const drawn = draw(random, maxGradient, {
    attrs,
    shapes: Array.from({ length: 5 }, () => shape),
    fills: [poisoned(coarse), coarse, coarse, poisoned(coarse), coarse],
  });
  const [, y, ...operands] = drawn.node.inputs.map((value) => drawn.numbers.get(value)!);
  y!.forEach((_, i) => (y![i] = Math.max(...operands.map((each) => each[i]!))));
  return drawn;
}

function across(random: Random): readonly Drawn[] {
  const lrn = { size: random.pick([1, 3, 5, 9]), alpha: 0.5, beta: random.pick([0.75, 0.6]), k: 2 };
  const shape = image(random);
  return [
    draw(random, lrnGradient, { attrs: lrn, shapes: [shape, shape] }),
    ...[[17, 3, 2], [10]].flatMap((own) =>
      [{}, { log: true } as const].map((attrs) =>
        draw(random, softmaxGradient, { attrs, shapes: twice(own), fills: [positive] }),
      ),
    ),
    ...[{ axis: "height" } as const, { axis: "width", log: true } as const].map((attrs) =>
      draw(random, softmaxGradient, { attrs, shapes: twice(image(random)), fills: [positive] }),
    ),
    draw(random, sumChannels, { attrs: {}, shapes: [[17, 13, random.integer(9, 12)]] }),
    draw(random, sumPlane, { attrs: {}, shapes: [[19, 13, random.integer(9, 12)]] }),
  ];
}

/**
 * Over the channels of each pixel and over groups of them, of one block and of parts of several, and of
 * values so far from 0 that squares of them hold nothing of how they deviate.
 */
function imageNorms(random: Random): readonly Drawn[] {
  const far: Fill = (_, count) => random.floats(count, 998, 1002);
  return [
    { shape: [36, 3, 5] },
    { shape: [36, 3, 5], groups: 4 },
    { shape: [36, 3, 5], groups: 36 },
    { shape: [20, 9, 11], groups: 1 },
    { shape: [33] },
    { shape: [36], groups: 6 },
  ].flatMap(({ shape, groups }) => {
    const attrs = { eps: 1e-3, scale: true, shift: true, ...(groups && { groups }) };
    const centred = groups === undefined ? layernorm : groupnorm;
    return [
      ...[signed, far].map((fill) =>
        draw(random, centred, { attrs, shapes: [shape], fills: [fill] }),
      ),
      draw(random, imageNormGradient, {
        attrs: { ...attrs, centred: true },
        shapes: twice(shape),
        fills: [far],
      }),
      ...(groups === undefined
        ? [
            draw(random, l2norm, { attrs: { ...attrs, shift: false }, shapes: [shape] }),
            draw(random, imageNormGradient, {
              attrs: { ...attrs, scale: false, centred: false },
              shapes: twice(shape),
            }),
          ]
        : []),
    ];
  });
}

function moves(random: Random): readonly Drawn[] {
  const cut = (whole: Shape, from: number, count: number): Drawn =>
    draw(random, slice, { attrs: { from, count }, shapes: [whole] });
  const shape = image(random);
  const flat = [shape[0]! * shape[1]! * shape[2]!];
  return [
    cut([64, 3, 2], 16, 32),
    cut([50, 2, 3], 32, 18),
    cut([40, 2, 3], 5, 21),
    cut([37, 3, 1], 30, 7),
    cut([100], 7, 50),
    draw(random, shuffle, { attrs: { groups: 2 }, shapes: [[58, 3, 2]] }),
    draw(random, shuffle, { attrs: { groups: 8 }, shapes: [[32, 2, 3]] }),
    draw(random, shuffle, { attrs: { groups: 5 }, shapes: [[35]] }),
    draw(random, reshape, { attrs: { shape }, shapes: [flat] }),
    draw(random, reshape, { attrs: { shape: flat }, shapes: [shape] }),
  ];
}

export const families: Readonly<Record<string, (random: Random) => readonly Drawn[]>> = {
  pools: (random) => [...pools(random), bins(random), bins(random), bins(random)],
  "larger images": larger,
  // Of one pixel there is more than one in a batch; two stretches are more than the sums keep.
  norms: (random) =>
    [image(random), image(random), [17, 12, 25], [channels(random), 1, 2]].flatMap((shape) =>
      norms(random, shape),
    ),
  "norms of each image": imageNorms,
  "the others": (random) => [...elementwise(random), ...across(random), ...moves(random)],
};
