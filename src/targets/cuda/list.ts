import type { GpuPrecision } from "../program.js";
import type { GpuKernel } from "./kernel.js";
import { convCudnn } from "./kernels/conv.cudnn.js";
import { concatKernel, joinKernels } from "./kernels/joins.js";
import { linearCublas } from "./kernels/linear.cublas.js";
import { flattenKernel, passKernels } from "./kernels/moves.js";
import { batchNormKernel, lrnKernel, softmaxKernel } from "./kernels/normalise.js";
import { activationKernels, scaleKernel } from "./kernels/pointwise.js";
import { adaptiveAvgPoolKernel, avgPoolKernel, maxPoolKernel } from "./kernels/pool.js";

/** What a GPU computes with; on the simulator the same. */
export const gpuKernels = (precision: GpuPrecision): readonly GpuKernel[] => [
  convCudnn(precision),
  linearCublas(precision),
  maxPoolKernel,
  avgPoolKernel,
  adaptiveAvgPoolKernel,
  lrnKernel,
  batchNormKernel,
  softmaxKernel,
  ...activationKernels,
  scaleKernel,
  ...joinKernels,
  concatKernel,
  flattenKernel,
  ...passKernels,
];
