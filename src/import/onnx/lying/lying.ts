/**
 * Nodes whose operands lie otherwise than images and vectors do, or that are more than one primitive:
 * by operator what else is tried where no primitive reads one.
 */
import type { Call } from "../call.js";
import type { Flow } from "../flow/flow.js";
import { readConcat, readMean, readSub } from "./joins.js";
import { readGroups, readLastNorm, readOldGroupNorm } from "./norms.js";
import { readPixels } from "./pixels.js";
import { readReduce } from "./reduce.js";
import { readLyingSoftmax } from "./softmax.js";

export const lying: Readonly<Record<string, readonly ((call: Call) => Flow)[]>> = {
  Concat: [readConcat],
  Gemm: [readPixels],
  GroupNormalization: [readOldGroupNorm],
  InstanceNormalization: [readGroups],
  LayerNormalization: [readLastNorm],
  LogSoftmax: [readLyingSoftmax],
  MatMul: [readPixels],
  Mean: [readMean],
  ReduceMax: [readReduce],
  ReduceMean: [readReduce],
  ReduceSum: [readReduce],
  Softmax: [readLyingSoftmax],
  Sub: [readSub],
};
