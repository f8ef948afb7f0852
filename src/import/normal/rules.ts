/** The rules, in the order in which they are tried at a node. */
import { absorbPadding } from "./absorb-padding.js";
import { clipped } from "./clipped.js";
import { dropPassing } from "./drop-passing.js";
import { flattenJoins } from "./flatten-joins.js";
import { foldScale } from "./fold-scale.js";
import { joinSlices } from "./join-slices.js";
import { linearFlattens } from "./linear-flattens.js";
import { mergeEqual } from "./merge-equal.js";
import { mergeScales } from "./merge-scales.js";
import { nestBranches } from "./nest-branches.js";
import { nestConcats } from "./nest-concats.js";
import { poolForms } from "./pool-forms.js";
import { products } from "./products.js";
import type { Rule } from "./rule.js";
import { scaledAdd } from "./scaled-add.js";
import { wholeNorms } from "./whole-norms.js";
import { scalesAsWeights } from "./scales-as-weights.js";

/** Those that leave every weight and its node as they are. */
export const forms: readonly Rule[] = [
  // First: what passes on stands between others that belong together.
  dropPassing,
  // Before a scale's place is asked for: two of them may be one that has another.
  mergeScales,
  // Before scales are folded or have weights: what scales slices is part of them.
  joinSlices,
  // Before pools have their form: padding that is theirs may be what rounding up gives.
  absorbPadding,
  poolForms,
  // Before factors go into sums and products that are no activation.
  clipped,
  products,
  scaledAdd,
  // Behind what has factors: such a sum stays as it is.
  flattenJoins,
  linearFlattens,
  nestConcats,
  // Behind what nests a concat in an earlier one: of the rest, operands may be a branch's.
  nestBranches,
  // Behind all that make one thing of several ways to write it: then they are equal.
  mergeEqual,
];

/** All of them. */
export const rules: readonly Rule[] = [
  ...forms,
  foldScale,
  // Behind what folds factors and offsets into norms.
  wholeNorms,
  // Last: only what nothing before it takes in.
  scalesAsWeights,
];
