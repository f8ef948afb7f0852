import { activationReference } from "./kernels/gradient/activation.reference.js";
import { batchNormReferences } from "./kernels/gradient/batchnorm.reference.js";
import { convReferences } from "./kernels/gradient/conv.reference.js";
import { dropoutReference } from "./kernels/gradient/dropout.reference.js";
import { fillReferences } from "./kernels/gradient/fill.reference.js";
import { linearReferences } from "./kernels/gradient/linear.reference.js";
import { lossReferences } from "./kernels/gradient/loss.reference.js";
import { lrnReference } from "./kernels/gradient/lrn.reference.js";
import { maxReference } from "./kernels/gradient/max.reference.js";
import { moveReferences } from "./kernels/gradient/move.reference.js";
import { poolReferences } from "./kernels/gradient/pool.reference.js";
import { softmaxReference } from "./kernels/gradient/softmax.reference.js";
import { sumReferences } from "./kernels/gradient/sum.reference.js";
import type { CpuKernel } from "./kernel.js";

/** What only training computes, in the order of preference among equals; references last. */
export const trainingKernels: readonly CpuKernel[] = [
  ...convReferences,
  ...linearReferences,
  ...poolReferences,
  ...batchNormReferences,
  lrnReference,
  activationReference,
  softmaxReference,
  dropoutReference,
  maxReference,
  ...lossReferences,
  ...sumReferences,
  ...fillReferences,
  ...moveReferences,
];
