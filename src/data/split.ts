/** Holds a share of pictures back, to judge what was learned from the others. */
import { checkOptions, count, Place, type Readers, real } from "../runtime/check-options.js";
import { orderOf } from "../runtime/train/draw.js";
import { isPictures, type Pictures, picturesReader } from "../runtime/train/pictures.js";

export interface SplitOptions {
  /** The share that is held back, from 0 to below 1. Default: 0.1. */
  readonly validation?: number;
  /** Which ones hangs on it. Default: 0. */
  readonly seed?: number;
}

export const splitReaders: Readers<SplitOptions> = {
  validation: real("a number from 0 to below 1", (value) => value >= 0 && value < 1),
  seed: count(0, 0xffffffff),
};

/** Two parts of pictures, each of which keeps their order; `validation` may be empty. */
export interface Split {
  readonly train: Pictures;
  readonly validation: Pictures;
}

/**
 * Parts pictures into those to learn from and those to judge by. Of each class as large a share is
 * held back, but for rounding, and never all of it; which pictures hangs on the seed, and on how many
 * there are of which class.
 *
 * @throws TypeError or RangeError for what is no share or no pictures
 */
export function split(pictures: Pictures, options?: SplitOptions): Split {
  const asked = checkOptions<SplitOptions>("split", options, splitReaders);
  const place = new Place("split", "pictures");
  if (!isPictures(pictures)) throw place.wrongType(pictures, "pictures, as imageFolder gives them");
  return splitBy(picturesReader(pictures, place), asked);
}

/** `split` with options that were read. */
export function splitBy(pictures: Pictures, { validation = 0.1, seed = 0 }: SplitOptions): Split {
  const byClass = new Map<number, number[]>();
  for (const index of orderOf(pictures.size, seed, 0)) {
    const label = pictures.label(index);
    const own = byClass.get(label);
    if (own === undefined) byClass.set(label, [index]);
    else own.push(index);
  }
  const held = new Set<number>();
  let seen = 0;
  for (const [, own] of [...byClass].sort(([a], [b]) => a - b)) {
    // Rounded over all classes so far: the sum is right, however small each of them is.
    const until = Math.round((seen + own.length) * validation);
    const share = Math.min(until - Math.round(seen * validation), own.length - 1);
    own.slice(0, share).forEach((index) => held.add(index));
    seen += own.length;
  }
  const all = Array.from({ length: pictures.size }, (_, i) => i);
  return {
    train: subset(
      pictures,
      all.filter((i) => !held.has(i)),
    ),
    validation: subset(
      pictures,
      all.filter((i) => held.has(i)),
    ),
  };
}

function subset(pictures: Pictures, indices: readonly number[]): Pictures {
  const { classes, labels } = pictures;
  const at = Uint32Array.from(indices);
  return {
    size: at.length,
    classes,
    ...(labels === undefined ? {} : { labels }),
    label: (index) => pictures.label(at[index]!),
    picture: (index) => pictures.picture(at[index]!),
    name: (index) => pictures.name(at[index]!),
  };
}
