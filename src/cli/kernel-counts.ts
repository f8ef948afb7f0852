import { counted } from "../diagnostics/counted.js";

/** Convolutions of the spec, and the kernels that compute them: merged siblings share one. */
export interface KernelCounts {
  readonly convolutions: number;
  readonly kernels: number;
}

/** `57 convs in 39 kernels`: what `build` and `explain` say, in the same words. */
export const convsInKernels = ({ convolutions, kernels }: KernelCounts): string =>
  `${counted(convolutions, "conv")} in ${counted(kernels, "kernel")}`;
