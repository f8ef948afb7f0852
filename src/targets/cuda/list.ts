import type { GpuPrecision } from "../program.js";
import type { GpuKernel } from "./kernel.js";
import { convCudnn } from "./kernels/conv.cudnn.js";
import { convTransposeSpread } from "./kernels/convtranspose.spread.js";
import { concatKernel } from "./kernels/concat.copy.js";
import { joinKernels } from "./kernels/join.plain.js";
import { linearCublas } from "./kernels/linear.cublas.js";
import { shuffleKernel } from "./kernels/shuffle.plain.js";
import { sliceKernel } from "./kernels/slice.copy.js";
import { flattenKernel } from "./kernels/flatten.planar.js";
import { passKernels } from "./kernels/pass.copy.js";
import { batchNormKernel } from "./kernels/batchnorm.plain.js";
import { imageNormKernels } from "./kernels/image-norm.plain.js";
import { lrnKernel } from "./kernels/lrn.plain.js";
import { softmaxKernels } from "./kernels/softmax.plain.js";
import { activationKernels } from "./kernels/activation.plain.js";
import { preluKernel } from "./kernels/prelu.plain.js";
import { scaleKernel } from "./kernels/scale.plain.js";
import { adaptiveAvgPoolKernel, upsampleKernel } from "./kernels/adaptivepool.plain.js";
import { bilinearKernel } from "./kernels/bilinear.plain.js";
import { avgPoolKernel, maxPoolKernel, zeroPadKernel } from "./kernels/pool.plain.js";

/** What a GPU computes with; on the simulator the same. */
export const gpuKernels = (precision: GpuPrecision): readonly GpuKernel[] => [
  convCudnn(precision),
  convTransposeSpread(precision),
  linearCublas(precision),
  maxPoolKernel,
  avgPoolKernel,
  adaptiveAvgPoolKernel,
  zeroPadKernel,
  upsampleKernel,
  bilinearKernel,
  lrnKernel,
  batchNormKernel,
  ...imageNormKernels,
  ...softmaxKernels,
  ...activationKernels,
  preluKernel,
  scaleKernel,
  ...joinKernels,
  concatKernel,
  sliceKernel,
  shuffleKernel,
  flattenKernel,
  ...passKernels,
];
