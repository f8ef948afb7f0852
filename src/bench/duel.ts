/** Engines in turns, each in a process of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Contestant } from "./contestant.js";
import { summarise } from "./timing.js";

/** Longer than an engine's threads spin after a run: whoever's turn it is has all cores. */
const pause = 100;
const warming = 3;
const blocks = 5;
/** Of a block, for what takes little time: milliseconds. */
const least = 200;

/**
 * Milliseconds of runs, by contestant. They go in blocks, A B A B, so that a machine that drifts
 * drifts for all; the one whose turn it is not waits for input.
 *
 * @param runs the fewest of each; more where a run takes little time
 */
export async function duel(
  contestants: readonly Contestant[],
  runs: number,
  tell: (block: number, of: number) => void = () => undefined,
): Promise<readonly (readonly number[])[]> {
  const sizes: number[] = [];
  for (const contestant of contestants) {
    sizes.push(blockSize(await turn(contestant, warming), runs));
  }
  const times: number[][] = contestants.map(() => []);
  for (let block = 0; block < blocks; block++) {
    tell(block + 1, blocks);
    for (const [i, contestant] of contestants.entries()) {
      times[i]!.push(...(await turn(contestant, sizes[i]!)));
    }
  }
  return times;
}

async function turn(contestant: Contestant, runs: number): Promise<readonly number[]> {
  await sleep(pause);
  return (await contestant.ask({ ask: "time", runs })).milliseconds;
}

function blockSize(times: readonly number[], runs: number): number {
  const filling = Math.ceil(least / Math.max(summarise(times).median, 0.01));
  return Math.max(Math.ceil(runs / blocks), Math.min(filling, 200));
}
