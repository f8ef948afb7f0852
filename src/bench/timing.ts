/** Of runs, in the unit of the times. */
export interface Timing {
  readonly runs: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
}

export function summarise(times: readonly number[]): Timing {
  const sorted = times.toSorted((x, y) => x - y);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { runs: sorted.length, p10: at(0.1), median: at(0.5), p90: at(0.9), p99: at(0.99) };
}
