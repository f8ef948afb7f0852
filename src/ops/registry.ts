/** Everything that operators build, and every operator that a spec can call. */
import { activationOperators } from "./activation-operators.js";
import { activationNames, activationPrimitives } from "./activations.js";
import {
  adaptiveAvgPool,
  adaptiveAvgPoolOperator,
  globalAvgPoolOperator,
} from "./adaptive-pool.js";
import { batchNorm, batchNormOperator } from "./batchnorm.js";
import { bilinear } from "./bilinear.js";
import { convTransposeOperator } from "./convtranspose.js";
import { convTranspose2d } from "./convtranspose2d.js";
import { conv2d } from "./conv2d.js";
import { convOperator } from "./conv.js";
import { depthwiseOperator } from "./depthwise.js";
import { dropout, dropoutOperator } from "./dropout.js";
import { expectOperator } from "./expect.js";
import { flatten, flattenOperator } from "./flatten.js";
import { groupnorm, groupnormOperator } from "./groupnorm.js";
import { identity, identityOperator } from "./identity.js";
import { slice } from "./joins/concat.js";
import { joins } from "./joins/joins.js";
import { l2norm, l2normOperator } from "./l2norm.js";
import { layernorm, layernormOperator } from "./layernorm.js";
import { linear, linearOperator } from "./linear.js";
import { lrn, lrnOperator } from "./lrn.js";
import type { Operator } from "./operator.js";
import { avgPoolOperator, globalMaxPoolOperator, maxPoolOperator } from "./pool.js";
import { avgPool, maxPool } from "./pool2d.js";
import { prelu, preluOperator } from "./prelu.js";
import type { Primitive } from "./primitive.js";
import { scale, scaleOperator } from "./scale.js";
import { sliceOperator } from "./slice.js";
import { shuffle, shuffleOperator } from "./shuffle.js";
import { logSoftmax, logSoftmaxOperator, softmax, softmaxOperator } from "./softmax.js";
import { upsample, upsampleOperator } from "./upsample.js";
import { zeroPad, zeroPadOperator } from "./zeropad.js";

const listed: readonly Primitive[] = [
  conv2d,
  convTranspose2d,
  linear,
  maxPool,
  avgPool,
  adaptiveAvgPool,
  zeroPad,
  upsample,
  bilinear,
  slice,
  shuffle,
  batchNorm,
  groupnorm,
  layernorm,
  l2norm,
  lrn,
  ...activationNames.map((name) => activationPrimitives[name]),
  prelu,
  softmax,
  logSoftmax,
  dropout,
  flatten,
  identity,
  scale,
  ...[...joins.values()].map(({ primitive }) => primitive),
];

/** By the name that a node prints. */
export const primitives: ReadonlyMap<string, Primitive> = new Map(
  listed.map((primitive) => [primitive.name, primitive]),
);

const callable: readonly Operator[] = [
  convOperator,
  depthwiseOperator,
  convTransposeOperator,
  maxPoolOperator,
  avgPoolOperator,
  globalAvgPoolOperator,
  globalMaxPoolOperator,
  adaptiveAvgPoolOperator,
  zeroPadOperator,
  upsampleOperator,
  sliceOperator,
  shuffleOperator,
  linearOperator,
  batchNormOperator,
  groupnormOperator,
  layernormOperator,
  l2normOperator,
  lrnOperator,
  ...activationOperators,
  preluOperator,
  softmaxOperator,
  logSoftmaxOperator,
  dropoutOperator,
  flattenOperator,
  identityOperator,
  scaleOperator,
  expectOperator,
];

/** By the name that a spec calls, in the order of the documentation. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  callable.map((operator) => [operator.name, operator]),
);
