/** Means that people subtract from pictures, to know them again in another order or scale. */

export type Order = "rgb" | "bgr";

export interface Recognised {
  readonly whose: string;
  /** In which its numbers stand. */
  readonly order: Order;
  /** What they take a byte of 255 for. */
  readonly range: 1 | 255;
}

/** Of red, green and blue between 0 and 1. */
const known = [
  // torchvision's; Caffe's (104, 117, 123) and Keras's (103.939, 116.779, 123.68) are the same.
  { whose: "ImageNet", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  { whose: "CIFAR-10", mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  { whose: "CIFAR-100", mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761] },
] as const;

/** Means are rounded in many ways: 104 for 103.5, 0.48 for 0.485. */
const meanTolerance = 0.008;
/** Those of std differ by less from channel to channel. */
const stdTolerance = 0.0006;

/** Which known mean it is. Undefined for any other, and for one that is the same in each channel. */
export const recogniseMean = (mean: readonly number[]): Recognised | undefined =>
  recognise(mean, "mean", meanTolerance);

export const recogniseStd = (std: readonly number[]): Recognised | undefined =>
  recognise(std, "std", stdTolerance);

function recognise(
  values: readonly number[],
  of: "mean" | "std",
  tolerance: number,
): Recognised | undefined {
  for (const range of [1, 255] as const) {
    for (const order of ["rgb", "bgr"] as const) {
      const found = known.find((each) => {
        const wanted = order === "rgb" ? each[of] : [...each[of]].reverse();
        return near(
          values.map((value) => value / range),
          wanted,
          tolerance,
        );
      });
      if (found !== undefined) return { whose: found.whose, order, range };
    }
  }
  return undefined;
}

const near = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
  a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= tolerance);

/** The mean that a known std goes with, in its order and scale. */
export function meanOf(std: readonly number[]): readonly number[] | undefined {
  const found = recogniseStd(std);
  const mean = known.find(({ whose }) => whose === found?.whose)?.mean;
  if (found === undefined || mean === undefined) return undefined;
  const scaled = mean.map((value) => value * found.range);
  return found.order === "rgb" ? scaled : scaled.reverse();
}
