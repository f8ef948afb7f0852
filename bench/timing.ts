/** Milliseconds of one run. */
export interface Timing {
  readonly runs: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
}

export type Run = () => Promise<unknown>;

const blockRuns = 10;
/** Longer than an engine's idle threads spin, so that they take no core from the other one. */
const pauseMs = 30;

/**
 * Times two engines in alternating blocks, A B A B, so that a machine that drifts drifts for both.
 * The first run of each block warms the caches and is not counted.
 */
export async function duel(
  a: Run,
  b: Run,
  seconds: number,
): Promise<readonly [a: Timing, b: Timing]> {
  const times: [number[], number[]] = [[], []];
  const end = performance.now() + seconds * 1000;
  do {
    await block(a, times[0]);
    await block(b, times[1]);
  } while (performance.now() < end);
  return [summarise(times[0]), summarise(times[1])];
}

async function block(run: Run, times: number[]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  await run();
  for (let i = 0; i < blockRuns; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
}

export function summarise(times: readonly number[]): Timing {
  const sorted = times.toSorted((x, y) => x - y);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { runs: sorted.length, p10: at(0.1), median: at(0.5), p90: at(0.9), p99: at(0.99) };
}
