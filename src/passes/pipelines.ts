/** Lists of passes, in the order in which they run; larger ones are made of smaller. */
import { composeConvolutions } from "./compose-convolutions.js";
import { composeLinears } from "./compose-linears.js";
import { dropIdentity } from "./drop-identity.js";
import { dropUnused } from "./drop-unused.js";
import { exchangeAverages } from "./exchange-averages.js";
import { exchangeMaxPools } from "./exchange-maxpools.js";
import { fuseAdd } from "./fuse-add.js";
import { foldBatchNorm } from "./fold-batchnorm.js";
import { fuseActivation } from "./fuse-activation.js";
import { fusePool } from "./fuse-pool.js";
import { fuseNormActivation } from "./fuse-norm-activation.js";
import { mergeSiblings } from "./merge-siblings.js";
import type { Pass } from "./pass.js";
import { turnConvolutions } from "./turn-convolutions.js";

export type Pipeline = readonly Pass[];

/** What a run does not need goes. */
const clean: Pipeline = [
  // First, so that no later pass sees a reader that will never run.
  dropUnused,
  // A dropout between a convolution and its ReLU would hide the one from the other.
  dropIdentity,
];

/** What engines do that compute a layer after the other as it is written. */
export const fusing: Pipeline = [
  ...clean,
  // Before activations: what stands between a convolution and its ReLU is usually a batchnorm.
  foldBatchNorm,
  fuseActivation,
];

/** Linear maps in a row change places, or become one whose weights are computed when they are prepared. */
export const algebra: Pipeline = [
  // First: a convolution may come to stand behind another one.
  exchangeAverages,
  composeConvolutions,
  // What a linear reads may be composed already.
  composeLinears,
];

/** What a network that only answers goes through. */
export const inference: Pipeline = [
  ...clean,
  foldBatchNorm,
  // Before activations are fused: one then follows a convolution that a pool followed.
  exchangeMaxPools,
  // Before siblings merge: only convolutions with the same activation do.
  fuseActivation,
  // After fusion: a convolution that ends in no activation then is linear.
  ...algebra,
  // After what becomes of linear maps: one that takes in another value is none any more.
  fuseAdd,
  // After what is fused into a convolution: it says which others it is alike.
  mergeSiblings,
  // Last: of siblings that read one pool none takes it in.
  fusePool,
];

/** What a training graph goes through, derivatives and all. */
export const training: Pipeline = [
  // Of outputs that no loss hangs on nothing is left.
  dropUnused,
  // The kernels that compute convolutions compute their derivatives too.
  turnConvolutions,
  // The derivative of most activations hangs on their result, which the convolution still makes.
  fuseActivation,
  // A norm that trains stands between the two others: what follows it joins it.
  fuseNormActivation,
];

/** The passes of all pipelines, each once. */
export const allPasses: Pipeline = [...new Set([...inference, ...training])];

/** The pipeline with the named passes left out; each works whichever others do. */
export const without = (pipeline: Pipeline, names: readonly string[]): Pipeline =>
  pipeline.filter(({ name }) => !names.includes(name));
