import { activationGradients } from "./kernels/gradient/activation.blocked.js";
import { batchNormGradients } from "./kernels/gradient/batchnorm.blocked.js";
import { bilinearGradients } from "./kernels/gradient/bilinear.blocked.js";
import { convInputKernels } from "./kernels/gradient/conv-input.gather.js";
import { convWeightBlocked } from "./kernels/gradient/conv-weight.blocked.js";
import { convWeightDepthwise } from "./kernels/gradient/conv-weight.depthwise.js";
import { convWeightPlanar } from "./kernels/gradient/conv-weight.planar.js";
import { convReferences } from "./kernels/gradient/conv.reference.js";
import { dropoutTrainings } from "./kernels/gradient/dropout.blocked.js";
import { fills } from "./kernels/gradient/fill.blocked.js";
import { imageNormGradients } from "./kernels/gradient/image-norm.blocked.js";
import { linearKernels } from "./kernels/gradient/linear.batch.js";
import { linearReferences } from "./kernels/gradient/linear.reference.js";
import { lossReferences } from "./kernels/gradient/loss.reference.js";
import { lrnGradients } from "./kernels/gradient/lrn.blocked.js";
import { maxGradients } from "./kernels/gradient/max.blocked.js";
import { poolGradients } from "./kernels/gradient/pool.blocked.js";
import { preluGradients } from "./kernels/gradient/prelu.blocked.js";
import { reshapeBlocked, reshapeReference } from "./kernels/gradient/reshape.blocked.js";
import { softmaxGradients } from "./kernels/gradient/softmax.blocked.js";
import { sums } from "./kernels/gradient/sum.blocked.js";
import type { CpuKernel } from "./kernel.js";

/** Kernels whose reference is called as they are. */
const pairs = [
  ...poolGradients,
  bilinearGradients,
  ...batchNormGradients,
  imageNormGradients,
  lrnGradients,
  activationGradients,
  preluGradients,
  softmaxGradients,
  dropoutTrainings,
  maxGradients,
  ...sums,
  ...fills,
];

/** What only training computes, in the order of preference among equals; references last. */
export const trainingKernels: readonly CpuKernel[] = [
  convWeightBlocked,
  convWeightPlanar,
  convWeightDepthwise,
  ...convInputKernels,
  ...linearKernels,
  reshapeBlocked,
  ...pairs.map(([fast]) => fast),
  ...convReferences,
  ...linearReferences,
  ...lossReferences,
  ...pairs.map(([, reference]) => reference),
  reshapeReference,
];
