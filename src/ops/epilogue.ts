import type { Activation } from "./activations.js";

/**
 * What a kernel can do to its sums before it stores them, in this order, so that no other has to
 * read and write the value again. A mask is the derivative of an activation, by its result: what a
 * derivative is multiplied with.
 */
export type Epilogue =
  | { readonly kind: "bias" | "scale" | "residual" }
  | { readonly kind: "activation" | "mask"; readonly activation: Activation };
