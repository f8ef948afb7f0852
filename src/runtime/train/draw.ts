/**
 * Which pictures a batch has, and how each of them is changed: numbers that hang on the trainer's
 * seed, the epoch, and a place alone, so that a resumed run draws what it would have drawn.
 */
import { philox } from "../../ops/training/philox.js";
import type { Augmentation } from "../../ops/training/settings.js";
import type { Cut } from "../image/cut.js";

/** The second half of Philox's key: dropout has 0. */
const streams = { order: 1, cut: 2 } as const;

/**
 * The numbers below `count` in a random order: the shuffle of Fisher and Yates, in which the place
 * i, from the last one down, changes with the one of 0 to i that word i mod 4 of Philox
 * (i div 4, epoch, 0, 0; seed, 1) says.
 */
export function orderOf(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let words = philox([0, 0, 0, 0], [0, 0]);
  let held = -1;
  for (let i = count - 1; i > 0; i--) {
    const block = i >>> 2;
    if (block !== held) words = philox([block, epoch, 0, 0], [seed, streams.order]);
    held = block;
    const other = Math.floor((words[i & 3]! / 2 ** 32) * (i + 1));
    const kept = order[i]!;
    order[i] = order[other]!;
    order[other] = kept;
  }
  return order;
}

/** The words of Philox (index, epoch, 0, 0; seed, 2): where the window lies, x and y, and the mirror. */
export function cutOf(
  augment: readonly Augmentation[],
  index: number,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): Cut {
  const [x, y, mirror] = philox([index, epoch, 0, 0], [seed, streams.cut]);
  const crop = augment.find(({ kind }) => kind === "crop");
  const flip = augment.some(({ kind }) => kind === "flip") && mirror >= 2 ** 31;
  return { ...(crop?.kind === "crop" ? { pad: crop.pad } : {}), x, y, flip };
}
