/** Everything a graph can hold, and every operator that a spec can call. */
import {
  adaptiveAvgPool,
  adaptiveAvgPoolOperator,
  globalAvgPoolOperator,
} from "./adaptive-pool.js";
import { batchNorm, batchNormOperator } from "./batchnorm.js";
import { conv2d, convOperator } from "./conv.js";
import { depthwiseOperator } from "./depthwise.js";
import { dropout, dropoutOperator } from "./dropout.js";
import { expectOperator } from "./expect.js";
import { flatten, flattenOperator } from "./flatten.js";
import { identity, identityOperator } from "./identity.js";
import { add, concat } from "./join.js";
import { linear, linearOperator } from "./linear.js";
import { lrn, lrnOperator } from "./lrn.js";
import type { Operator } from "./operator.js";
import { avgPool, avgPoolOperator, maxPool, maxPoolOperator } from "./pool.js";
import type { Primitive } from "./primitive.js";
import { relu, reluOperator } from "./relu.js";
import { scale, scaleOperator } from "./scale.js";
import { sigmoid, sigmoidOperator } from "./sigmoid.js";
import { softmax, softmaxOperator } from "./softmax.js";
import { tanh, tanhOperator } from "./tanh.js";

const listed: readonly Primitive[] = [
  conv2d,
  linear,
  maxPool,
  avgPool,
  adaptiveAvgPool,
  batchNorm,
  lrn,
  relu,
  sigmoid,
  tanh,
  softmax,
  dropout,
  flatten,
  identity,
  scale,
  concat,
  add,
];

/** By the name that a node prints. */
export const primitives: ReadonlyMap<string, Primitive> = new Map(
  listed.map((primitive) => [primitive.name, primitive]),
);

const callable: readonly Operator[] = [
  convOperator,
  depthwiseOperator,
  maxPoolOperator,
  avgPoolOperator,
  globalAvgPoolOperator,
  adaptiveAvgPoolOperator,
  linearOperator,
  batchNormOperator,
  lrnOperator,
  reluOperator,
  sigmoidOperator,
  tanhOperator,
  softmaxOperator,
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
