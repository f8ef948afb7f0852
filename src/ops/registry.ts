/** Everything a graph can hold. */
import { adaptiveAvgPool } from "./adaptive-pool.js";
import { batchNorm } from "./batchnorm.js";
import { conv2d } from "./conv.js";
import { dropout } from "./dropout.js";
import { flatten } from "./flatten.js";
import { identity } from "./identity.js";
import { add, concat } from "./join.js";
import { linear } from "./linear.js";
import { lrn } from "./lrn.js";
import { avgPool, maxPool } from "./pool.js";
import type { Primitive } from "./primitive.js";
import { relu } from "./relu.js";
import { scale } from "./scale.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";
import { tanh } from "./tanh.js";

const listed: readonly Primitive<never>[] = [
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
  listed.map((primitive) => [primitive.name, primitive as Primitive]),
);
