import { defineDiagnostics } from "../define.js";

const ambiguous = {
  stride: "each rule of padding gives another result at a stride other than 1",
  even: "an even kernel has no middle",
  transposed: "its windows do not lie edge to edge, and each padding leaves another size",
  "even-same": "pad: same needs a kernel with a middle, and an even one has none",
};

/** `shape/*`: what flows from step to step does not fit. */
export const shapeDiagnostics = defineDiagnostics({
  "shape/branch-mismatch": {
    severity: "error",
    message: ({ join, differ }: { join: string; differ: string }) =>
      `The branches of this ${join} differ in ${differ}.`,
    doc: {
      cause:
        "The branches of a `concat` must agree in height and width, those of the other joins in channels too; `add` and `mul` spread a branch of one pixel.",
      mend: "Give the branch that differs the padding or the stride of the others; the help names the argument.",
    },
  },
  "shape/residual-mismatch": {
    severity: "error",
    message: ({ input, output }: { input: string; output: string }) =>
      `This residual takes ${input} but its body gives ${output}, so the two cannot be added.`,
    doc: {
      cause: "The body of a `residual` must give the shape that enters it.",
      mend: "End the body in `conv(1x1, in)`, and keep height and width.",
    },
  },
  "shape/empty": {
    severity: "error",
    message: ({ window, input, padded }: { window: string; input: string; padded: string }) =>
      `A ${window} window does not fit into ${input}${padded === input ? "" : `, nor into ${padded} with its padding`}.`,
    doc: {
      cause: "A window is larger than its input, so that nothing would come out.",
      mend: "Take a smaller window, more padding, a larger input, or `globalavgpool`; attach an auxiliary head earlier.",
    },
  },
  "shape/ambiguous-padding": {
    severity: "error",
    message: ({ window, why }: { window: string; why: keyof typeof ambiguous }) =>
      `The padding of ${window} is ambiguous: ${ambiguous[why]}.`,
    doc: {
      cause:
        "Padding is never guessed: only stride 1 with an odd kernel and 1x1 have a default, and `same` is for odd kernels; a `convtranspose` has one only where its stride is its kernel.",
      mend: "Write `pad: 3`, `pad: 0x3`, `pad: same` (equal on both sides) or `pad: tf_same` (TensorFlow's).",
    },
  },
  "shape/linear-features": {
    severity: "error",
    message: ({ expected, got, product }: { expected: number; got: number; product: string }) =>
      `This linear expects ${expected} features and gets ${got}${product === String(got) ? "" : ` = ${product}`}.`,
    doc: {
      cause: "`linear(n, in: …)` says how many features it takes, and that is not what arrives.",
      mend: "Leave `in` out: it is inferred. Or mend the step before that gives another shape than meant.",
    },
  },
  "shape/expect": {
    severity: "error",
    message: ({ expected, got }: { expected: string; got: string }) =>
      `Expected ${expected} here, but the shape is ${got}.`,
    doc: {
      cause: "The shape that reaches an `expect` is another one.",
      mend: "Mend the steps before it, or what it expects.",
    },
  },
  "shape/too-large": {
    severity: "error",
    message: ({ what, shape, limit }: { what: string; shape: string; limit: number }) =>
      `The ${what} would be ${shape}, more than ${limit} elements.`,
    doc: {
      cause: "A tensor has more than 2^31 - 1 elements; usually a count is a slip.",
      mend: "Reduce the size.",
    },
  },
  "shape/groups": {
    severity: "error",
    message: ({
      groups,
      side,
      channels,
    }: {
      groups: number;
      side: "input" | "output";
      channels: number;
    }) => `${channels} ${side} channels do not divide into ${groups} groups.`,
    doc: {
      cause:
        "The groups of a convolution must divide both its input and its output channels, those of a `shuffle` or a `groupnorm` the channels that it gets.",
      mend: "Take a number of groups that divides them.",
    },
  },
  "shape/rank": {
    severity: "error",
    message: ({ operator, shape }: { operator: string; shape: string }) =>
      `${operator} needs an image, this is a vector of ${shape}.`,
    doc: {
      cause:
        "An operator with height and width follows a `flatten` or `linear`, or a vector input.",
      mend: "Move it before the step that flattens.",
    },
  },
  "shape/channels": {
    severity: "error",
    message: ({
      argument,
      given,
      channels,
    }: {
      argument: string;
      given: number;
      channels: number;
    }) => `${argument} has ${given} numbers for ${channels} channels.`,
    doc: {
      cause: "A list with one number a channel has more or fewer numbers than there are channels.",
      mend: "Write one number for all channels, or one for each.",
    },
  },
  "shape/slice": {
    severity: "error",
    message: ({ from, to, channels }: { from: number; to: number; channels: number }) =>
      from < to
        ? `slice takes channels ${from} to ${to - 1}, of which there are ${channels}.`
        : `slice takes no channel from ${from} to before ${to}.`,
    doc: {
      cause: "A slice ends past the last channel, or before it begins. Channels count from 0.",
      mend: "Say the first channel and the one behind the last; `in` is how many come in.",
    },
  },
  "shape/cut-away": {
    severity: "error",
    message: ({ pad, whole }: { pad: string; whole: string }) =>
      `A padding of ${pad} cuts all of ${whole} away.`,
    doc: {
      cause: "The padding of a `convtranspose` is cut off its result, and nothing is left of it.",
      mend: "Take less padding: a side is (in - 1) * stride - 2 * pad + dilation * (k - 1) + output_pad + 1.",
    },
  },
  "shape/padding": {
    severity: "error",
    message: ({ pad, window }: { pad: string; window: string }) =>
      `With a padding of ${pad}, some ${window} windows would lie outside of the image.`,
    doc: {
      cause:
        "A pool's padding is as large as its window, or its taps lie on both sides of the image: there is no largest of nothing.",
      mend: "Take less padding than the window's size, and less dilation than the image's.",
    },
  },
});
