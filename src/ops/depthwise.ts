import { conv2d, type ConvAttrs } from "./conv2d.js";
import { convolutionArguments, convolutionRules, sharedWords } from "./convolution.js";
import { count, window } from "./kinds.js";
import type { Operator } from "./operator.js";
import { channels, type Shape } from "./shape.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling, unitStride, type Words } from "./spelling.js";
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
  spelling: spelling(conv2d, (attrs, input) => depthwiseWords(attrs, input), unitStride),
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

/** With one channel it is a convolution like any other. */
function depthwiseWords(attrs: ConvAttrs, input: Shape): Words | undefined {
  const count = channels(input);
  if (attrs.groups !== count || count === 1) return undefined;
  return { ...sharedWords(attrs, input), multiplier: saying.number(attrs.channels / count) };
}
