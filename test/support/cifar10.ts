import { readFileSync } from "node:fs";

const mean = [0.4914, 0.4822, 0.4465];
const std = [0.247, 0.2435, 0.2616];
const pixels = 32 * 32;
const recordBytes = 1 + 3 * pixels;

/** Images N,C,H,W as the example networks take them, and the class index of each. */
export interface Labelled {
  readonly image: Float32Array;
  readonly labels: readonly number[];
}

/** A file of CIFAR-10's binary format: a label byte, then 3 x 32 x 32 bytes in RGB planes. */
export function readCifar10(file: string): Labelled {
  const bytes = readFileSync(file);
  const count = bytes.length / recordBytes;
  const image = new Float32Array(count * 3 * pixels);
  const labels: number[] = [];
  for (let row = 0; row < count; row++) {
    labels.push(bytes[row * recordBytes]!);
    for (let i = 0; i < 3 * pixels; i++) {
      const channel = Math.floor(i / pixels);
      const value = bytes[row * recordBytes + 1 + i]! / 255;
      image[row * 3 * pixels + i] = (value - mean[channel]!) / std[channel]!;
    }
  }
  return { image, labels };
}

/** How many rows of scores are highest at their label. */
export function countRight(scores: Float32Array, labels: readonly number[]): number {
  const classes = scores.length / labels.length;
  return labels.filter((label, row) => {
    const mine = scores.subarray(row * classes, (row + 1) * classes);
    return mine.indexOf(Math.max(...mine)) === label;
  }).length;
}
