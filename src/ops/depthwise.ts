import { convolutionArguments, convolutionRules } from "./convolution.js";
import { count, window } from "./kinds.js";
import type { Operator } from "./operator.js";
import { channels } from "./shape.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";
import { computedFrom, fixed } from "./trace.js";

const args = signature({
  kernel: positional(window, "Kernel and stride: `3x3`, `3x3/2`."),
  multiplier: named(count, 1, "Output channels for each input channel."),
  ...convolutionArguments,
});

/** A convolution with as many groups as channels: each sees only itself. */
export const depthwiseOperator: Operator<ArgsIn<typeof args>> = {
  name: "depthwise",
  doc: "Convolution of each channel by itself. Weight [c * multiplier, 1, kh, kw].",
  signature: args,
  linearity: ({ act }) => (act === "none" ? "transparent" : "nonlinear"),
  ...convolutionRules(
    (input, { multiplier, kernel, ...given }) => ({
      ...given,
      operator: "depthwise",
      kernel: kernel.kernel,
      stride: kernel.stride ?? [1, 1],
      channels: channels(input) * multiplier,
      groups: channels(input),
    }),
    (entering, { multiplier }, causes) => {
      const factor = causes.of("multiplier");
      return multiplier === 1 && !factor.varies ? entering : computedFrom(entering, factor);
    },
    () => fixed,
  ),
};
