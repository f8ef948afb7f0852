import { convAmx } from "./kernels/conv.amx.js";
import { convDepthwise } from "./kernels/conv.depthwise.js";
import { convDirect } from "./kernels/conv.direct.js";
import { convGrouped } from "./kernels/conv.grouped.js";
import { convPointwise } from "./kernels/conv.pointwise.js";
import { pooledConvPixels } from "./kernels/pooledconv.pixels.js";
import { convWinograd } from "./kernels/conv.winograd.js";
import { convReference } from "./kernels/conv.reference.js";
import { convTransposeKernels, convTransposeReference } from "./kernels/convtranspose.gather.js";
import { concatKernels } from "./kernels/concat.blocked.js";
import { joinKernels } from "./kernels/join.blocked.js";
import { linearMatrixVector } from "./kernels/linear.matrix-vector.js";
import { linearReference } from "./kernels/linear.reference.js";
import { flattenBlocked, flattenKernels } from "./kernels/flatten.blocked.js";
import { passKernels } from "./kernels/pass.blocked.js";
import { batchNormKernels } from "./kernels/batchnorm.blocked.js";
import { imageNormKernels } from "./kernels/image-norm.blocked.js";
import { lrnKernels } from "./kernels/lrn.blocked.js";
import { preluKernels } from "./kernels/prelu.blocked.js";
import { softmaxKernels } from "./kernels/softmax.blocked.js";
import { activationKernels } from "./kernels/activation.blocked.js";
import { scaleKernels } from "./kernels/scale.blocked.js";
import { adaptiveAvgPoolKernels, upsampleKernels } from "./kernels/adaptivepool.blocked.js";
import { avgPoolKernels, maxPoolKernels, zeroPadKernels } from "./kernels/pool.blocked.js";
import { bilinearKernels } from "./kernels/bilinear.blocked.js";
import { shuffleKernels } from "./kernels/shuffle.blocked.js";
import { sliceKernels } from "./kernels/slice.blocked.js";
import { trainingKernels } from "./training-list.js";
import type { CpuKernel } from "./kernel.js";

/** Kernels whose reference is called as they are. */
const pairs = [
  maxPoolKernels,
  avgPoolKernels,
  adaptiveAvgPoolKernels,
  zeroPadKernels,
  upsampleKernels,
  bilinearKernels,
  lrnKernels,
  batchNormKernels,
  ...imageNormKernels,
  ...softmaxKernels,
  ...activationKernels,
  preluKernels,
  scaleKernels,
  ...joinKernels,
  concatKernels,
  sliceKernels,
  shuffleKernels,
  ...passKernels,
  flattenKernels,
];

/** What the CPU computes with, in the order of preference among equals; references last. */
export const cpuKernels: readonly CpuKernel[] = [
  convDirect,
  convPointwise,
  convWinograd,
  convAmx,
  convDepthwise,
  convGrouped,
  pooledConvPixels,
  ...convTransposeKernels,
  linearMatrixVector,
  flattenBlocked,
  ...pairs.map(({ fast }) => fast),
  convReference,
  convTransposeReference,
  linearReference,
  ...pairs.map(({ reference }) => reference),
  ...trainingKernels,
];
