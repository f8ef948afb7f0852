import { conv2d } from "./conv2d.js";
import { convolutionArguments, convolutionRules, sharedWords } from "./convolution.js";
import { count, window } from "./kinds.js";
import type { Operator } from "./operator.js";
import { named, positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling, unitStride } from "./spelling.js";
import { computedFrom } from "./trace.js";

const args = signature({
  kernel: positional(window, "Kernel and stride: `3x3`, `7x7/2`."),
  channels: positional(count, "Output channels."),
  ...convolutionArguments,
  groups: named(count, 1, "Groups of channels that do not see one another."),
});

export type ConvArgs = ArgsIn<typeof args>;

export const convOperator: Operator<ConvArgs> = {
  name: "conv",
  doc: "Convolution (+ bias), then `norm`, then `act`. Weight [out, in / groups, kh, kw].",
  signature: args,
  spelling: spelling(
    conv2d,
    (attrs, input) => ({
      ...sharedWords(attrs, input),
      channels: saying.number(attrs.channels),
      groups: saying.number(attrs.groups),
    }),
    unitStride,
  ),
  linearity: ({ act }) => (act === "none" ? "linear" : "activated"),
  ...convolutionRules(
    (_, given) => ({
      ...given,
      operator: "conv",
      kernel: given.kernel.kernel,
      stride: given.kernel.stride ?? [1, 1],
    }),
    (_, __, causes) => causes.of("channels"),
    (entering, causes) => computedFrom(entering, causes.of("groups")),
  ),
};
