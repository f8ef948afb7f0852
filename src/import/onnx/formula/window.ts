/** Windows that move along one dimension of a sample, by steps of 1. */
import { elements } from "../../../ops/shape.js";
import type { Sample } from "./sample.js";

export interface Reach {
  readonly axis: number;
  /** Zeros before the first element, and after the last. */
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/** Additions that are made to try a formula; a file may say pads and windows of any size. */
const mostSteps = 1 << 22;

/** With zeros; undefined for more of them than are tried. */
export const padded = (sample: Sample, reach: Reach): Sample | undefined =>
  summed(sample, { ...reach, length: 1 });

/** @param countsPads whether the zeros count, as ONNX says it of AveragePool */
export function averaged(sample: Sample, reach: Reach, countsPads: boolean): Sample | undefined {
  const sums = summed(sample, reach);
  if (sums === undefined) return undefined;
  const { axis, before, length } = reach;
  const side = sample.shape[axis]!;
  const inner = elements(sample.shape.slice(axis + 1));
  const behind = sums.shape[axis]!;
  const counts = Array.from({ length: behind }, (_, i) =>
    countsPads ? length : Math.min(i - before + length, side) - Math.max(i - before, 0),
  );
  const data = sums.data.map((sum, i) => sum / counts[Math.floor(i / inner) % behind]!);
  return { shape: sums.shape, data };
}

function summed({ shape, data }: Sample, reach: Reach): Sample | undefined {
  const { axis, before, after, length } = reach;
  const side = shape[axis]!;
  const behind = side + before + after - length + 1;
  const [outer, inner] = [elements(shape.slice(0, axis)), elements(shape.slice(axis + 1))];
  if (behind < 1 || !(outer * inner * behind * length <= mostSteps)) return undefined;
  const sums = new Float64Array(outer * behind * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < behind; i++) {
      const [from, to] = [Math.max(i - before, 0), Math.min(i - before + length, side)];
      for (let at = from; at < to; at++) {
        for (let x = 0; x < inner; x++) {
          sums[(o * behind + i) * inner + x]! += data[(o * side + at) * inner + x]!;
        }
      }
    }
  }
  return { shape: shape.map((own, d) => (d === axis ? behind : own)), data: sums };
}
