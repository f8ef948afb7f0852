import { millions } from "../counted.js";
import { defineDiagnostics } from "../define.js";

export interface Naive {
  readonly branch: string;
  readonly kernel: string;
  /** That enter, and that the 1x1 would leave of them. */
  readonly channels: number;
  readonly width: number;
  /** Multiply-adds. */
  readonly now: number;
  readonly then: number;
}

export interface Activated {
  readonly output: string;
  readonly kind: string;
  readonly activation: string;
}

type Order = "rgb" | "bgr";
type Statistic = "mean" | "std";

/** How the numbers of a list stand that is in the other order. */
const ends: Readonly<Record<Order, string>> = { rgb: "blue to red", bgr: "red to blue" };

const wrongScale = (what: Statistic, isLarge: boolean): string => {
  if (what === "mean") return isLarge ? ": all would be far below 0" : ": it would centre nothing";
  return isLarge ? ": all would be nearly the same" : ": they would reach into the hundreds";
};

/** `style/*`: warnings; `// allow style/CODE: why` on the row before silences one. */
export const styleDiagnostics = defineDiagnostics({
  "style/branch-kernel": {
    severity: "warning",
    message: ({ branch, size }: { branch: string; size: string }) =>
      `The branch ${branch} has no ${size} in it.`,
    doc: {
      cause:
        "A branch is called after a kernel (`b5`, `conv5`, `branch5x5`) that none of its steps has.",
      mend: "Rename the branch or mend its kernel.",
    },
  },
  "style/naive-branch": {
    severity: "warning",
    message: ({ branch, kernel, channels, width, now, then }: Naive) =>
      `${branch} opens with a ${kernel} on ${channels} channels: ${millions(now)} multiply-adds, where a 1x1 to ${width} before it would leave ${millions(then)}.`,
    doc: {
      cause:
        "A branch of a `concat` opens with a 3x3 or larger on at least 128 channels, where a 1x1 before it would save half of the multiply-adds or more.",
      mend: "Write the 1x1 that the help names.",
    },
  },
  "style/image-order": {
    severity: "warning",
    message: ({ order, what, whose }: { order: Order; what: Statistic; whose: string }) =>
      `The order is ${order}, but this ${what} is that of ${whose} from ${ends[order]}.`,
    doc: {
      cause:
        "`mean` or `std` of `from image(…)` is a known one in the other order: red's number would be used for blue.",
      mend: "Write the `order` that the weights were trained with, and the lists in that order.",
    },
  },
  "style/image-range": {
    severity: "warning",
    message: ({ range, what, value }: { range: number; what: Statistic; value: number }) =>
      `Pixels go from 0 to ${range} here, but this ${what} is ${value}${wrongScale(what, value > 1)}.`,
    doc: {
      cause:
        "`mean` or `std` of `from image(…)` belongs to pixels of another `range`: a mean of 123.68 to 0 … 255, one of 0.485 to 0 … 1.",
      mend: "Write the `range` that they were taken in, or take them in that of the spec.",
    },
  },
  "style/image-mean": {
    severity: "warning",
    message: ({ most }: { most: number }) =>
      `A std without a mean leaves pixels between 0 and ${most}, where a mean would centre them.`,
    doc: {
      cause:
        "`from image(…)` has a `std` that is smaller than the range and no `mean`: a std is taken around a mean.",
      mend: "Write the mean that belongs to it, or `mean: 0` where nothing is to be subtracted.",
    },
  },
  "style/softmax-twice": {
    severity: "warning",
    message: ({ operator }: { operator: string }) =>
      `This is the ${operator} of a softmax: it flattens what the first has told apart.`,
    doc: {
      cause:
        "A `softmax`, or a `logsoftmax`, reads what a `softmax` gave; of ten classes none is above 0.24 any more. Training needs no second one: its cross-entropy takes what is before the softmax.",
      mend: "Leave one of the two out.",
    },
  },
  "style/loss-activation": {
    severity: "warning",
    message: ({ output, kind, activation }: Activated) =>
      `${output} ends in a ${activation}, and ${kind} has ${kind === "cross_entropy" ? "a softmax" : "a sigmoid"} of its own behind it.`,
    doc: {
      cause:
        "An output that ends in a `sigmoid` is trained by `cross_entropy`, or one that ends in a `softmax` by `sigmoid_cross_entropy`. The loss is of logits: it takes out the activation that is its own, and would squash the other's numbers a second time.",
      mend: "Write the loss that belongs to the activation: `cross_entropy` to a `softmax`, for one of several classes, `sigmoid_cross_entropy` to a `sigmoid`, for yes or no of each.",
    },
  },
  "style/linear-chain": {
    severity: "warning",
    message: ({ operator }: { operator: string }) =>
      `Nothing non-linear stands between this ${operator} and the linear map before it: together they are one linear map.`,
    doc: {
      cause:
        "Two convolutions or linears follow each other without an activation between them. A 1x1 that makes no more channels before one that widens them again is meant so: MobileNet-v2's linear bottleneck.",
      mend: "Write `act: relu` in the first, or `defaults { conv { act: relu } }`.",
    },
  },
});
