import { range, reductions } from "./folds/made.js";
import { concat, expand, gather, slice, split, tile, transpose } from "./folds/moves.js";
import { arithmetic } from "./folds/numbers.js";
import { cast, flatten, identity, reshape, squeeze, unsqueeze } from "./folds/shapes.js";
import type { Fold } from "./folding.js";

/** What is computed of constants alone, by operator. */
export const folds: Readonly<Record<string, Fold>> = {
  ...arithmetic,
  ...reductions,
  Cast: cast,
  Concat: concat,
  Dropout: identity,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Identity: identity,
  Range: range,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
