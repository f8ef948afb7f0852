/** What kernels of the CPU cost, in nanoseconds on one core: enough to choose by, not to predict. */
import type { Node } from "../../../graph/graph.js";
import type { ConvAttrs } from "../../../ops/conv2d.js";
import { convScratch } from "../scratch.js";
import type { CpuLevel } from "../level.js";

/**
 * A multiply-add of 16 channels, as tiles count them. Of avx512 GoogLeNet on one core comes out as measured; of
 * avx2 a third above it, by which two threads choose better (bench/costs.md).
 */
export const blockMultiply: Readonly<Record<CpuLevel, number>> = {
  amx: 0.15,
  avx512: 0.15,
  avx2: 0.25,
  neon: 0.6,
  baseline: 1.2,
};

/** A number that is read and written, from the caches between cores. */
export const move = 0.25;

/** A number that a pool makes. */
export const pooledNumber = 0.55;

/** A byte of weights on its way from beyond the caches, as far as no multiplies hide it. */
export const weightByte = 0.035;

/** A byte of weights that the second cache has and the first one has not. */
export const nearByte = 0.002;

/**
 * Bytes of weights that the first cache keeps beside what they meet. Of AVX2 it is so on one thread; on
 * two direct tiles of few blocks take twice as long as pointwise ones, and are charged for all.
 */
export const nearest: Readonly<Record<CpuLevel, number>> = {
  amx: 24 * 1024,
  avx512: 24 * 1024,
  avx2: 0,
  baseline: 0,
  neon: 0,
};

/** A launch of its own: all threads meet before and after it. */
export const launch = 1000;

/** Filling the bordered copy of a convolution's input. */
export const borderCost = ({ inputs, attrs }: Node<ConvAttrs>, planar: boolean): number =>
  (move * convScratch(inputs[0]!.shape, attrs, { planar })) / 4;
