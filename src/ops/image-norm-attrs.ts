import type { Operand } from "./primitive.js";
import { channels, elements, type Shape } from "./shape.js";
import { words } from "./window.js";

/**
 * Of a norm by the statistics of each image alone: `groups` of channels over the whole plane, or
 * without it the channels of each pixel. `scale` and `shift` say whether a factor and an offset a
 * channel are learned.
 */
export interface ImageNormAttrs {
  readonly eps: number;
  readonly groups?: number;
  readonly scale: boolean;
  readonly shift: boolean;
}

/** `centred`: by mean and variance, else by the sum of squares alone. */
export interface CentredAttrs extends ImageNormAttrs {
  readonly centred: boolean;
}

export const formatImageNorm = ({ groups, eps, scale, shift }: ImageNormAttrs): string =>
  words(
    groups === undefined ? "" : `${groups} groups`,
    `eps ${eps}`,
    scale || shift ? "" : "not affine",
  );

/** The numbers that share statistics, by their places in an image. */
export interface Together {
  readonly places: readonly number[];
  /** Of x: (x - mean) / sqrt(variance + eps), or x / sqrt(sum of squares + eps). */
  readonly units: readonly number[];
  /** What a number less the mean is multiplied by for that. */
  readonly inverse: number;
}

export function eachTogether(
  { shape, data }: Operand,
  { groups, eps, centred }: CentredAttrs,
  visit: (numbers: Together) => void,
): void {
  for (const places of placesOf(shape, groups)) {
    const count = centred ? places.length : 1;
    const sum = (of: (x: number) => number): number =>
      places.reduce((all, at) => all + of(data[at]!), 0);
    const mean = centred ? sum((x) => x) / count : 0;
    const inverse = 1 / Math.sqrt(sum((x) => (x - mean) ** 2) / count + eps);
    visit({ places, units: places.map((at) => (data[at]! - mean) * inverse), inverse });
  }
}

function placesOf(shape: Shape, groups: number | undefined): readonly (readonly number[])[] {
  const [count, pixels] = [channels(shape), elements(shape.slice(1))];
  const sets = groups ?? pixels;
  const size = (count * pixels) / sets;
  return Array.from({ length: sets }, (_, set) =>
    Array.from({ length: size }, (__, i) =>
      groups === undefined ? i * pixels + set : set * size + i,
    ),
  );
}
