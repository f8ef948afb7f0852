/** Padding as the words that say it. */
import { odd, samePads, tensorflowPads, type Unpadded } from "./padding.js";
import type { Shape } from "./shape.js";
import { saying } from "./spelling.js";
import type { ArgValue } from "./value.js";
import { noPads, type Pads } from "./window.js";

/** `same` or `tf_same` where one of them gives these pads, else the pixels. */
export function spellPads(input: Shape, window: Unpadded, pads: Pads): ArgValue {
  if (odd(window.kernel) && equalPads(pads, samePads(window))) return saying.word("same");
  const lopsided = pads.top !== pads.bottom || pads.left !== pads.right;
  const isTensorflow = lopsided && equalPads(pads, tensorflowPads(input, window));
  return isTensorflow ? saying.word("tf_same") : saying.pixels(pads);
}

export const equalPads = (a: Pads, b: Pads): boolean =>
  a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;

export const isUnpadded = (pads: Pads): boolean => equalPads(pads, noPads);
