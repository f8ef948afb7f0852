import { convDepthwise } from "./kernels/conv.depthwise.js";
import { convDirect } from "./kernels/conv.direct.js";
import { convGrouped } from "./kernels/conv.grouped.js";
import { convReference } from "./kernels/conv.reference.js";
import { concatKernels, joinKernels } from "./kernels/joins.js";
import { linearMatrixVector } from "./kernels/linear.matrix-vector.js";
import { linearReference } from "./kernels/linear.reference.js";
import { flattenBlocked, flattenKernels, passKernels } from "./kernels/moves.js";
import { batchNormKernels, lrnKernels, softmaxKernels } from "./kernels/normalise.js";
import { activationKernels, scaleKernels } from "./kernels/pointwise.js";
import { adaptiveAvgPoolKernels, avgPoolKernels, maxPoolKernels } from "./kernels/pool.js";
import type { CpuKernel } from "./kernel.js";

/** Kernels whose reference is called as they are. */
const pairs = [
  maxPoolKernels,
  avgPoolKernels,
  adaptiveAvgPoolKernels,
  lrnKernels,
  batchNormKernels,
  softmaxKernels,
  ...activationKernels,
  scaleKernels,
  ...joinKernels,
  concatKernels,
  ...passKernels,
  flattenKernels,
];

/** What the CPU computes with, in the order of preference among equals; references last. */
export const cpuKernels: readonly CpuKernel[] = [
  convDirect,
  convDepthwise,
  convGrouped,
  linearMatrixVector,
  flattenBlocked,
  ...pairs.map(({ fast }) => fast),
  convReference,
  linearReference,
  ...pairs.map(({ reference }) => reference),
];
