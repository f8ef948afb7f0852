/** Where a native run is computed: on another thread, or where telling one would take longer, at once. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { NativeSession } from "./addon.js";

/** Images for one native call, and where their outputs go. */
export interface Part {
  readonly batch: number;
  readonly inputs: readonly Float32Array[];
  readonly outputs: readonly Float32Array[];
}

/**
 * Microseconds of work on one core. To hand a run to another thread and to hear of its end takes the
 * calling thread itself 60 to 140, and the run as much again: see docs/decisions.md. Of one instance runs
 * follow one another anyway, and a timer is no more exact than the millisecond that such a run may take;
 * of several each has a core, which only what takes no longer than telling is to keep from the others.
 */
export const handedOverAbove = (instances: number): number => (instances === 1 ? 1000 : 200);

export interface Traffic {
  /** How many runs may be under way. */
  readonly size: number;
  /** Whether one run is under way, and no other, nor one in the line. */
  readonly isAlone: boolean;
}

/**
 * Computes a part of a run without holding up the event loop for long. Of a short run it is computed
 * before this returns where no other run is under way; its promise waits for the loop's next turn, so
 * that a program that runs one image after another starves no timer and no socket.
 *
 * @param work microseconds that one core takes for all of the run, 0 where nobody knows
 * @param traffic with other runs there is a core for each
 */
export async function serve(
  instance: NativeSession,
  { batch, inputs, outputs }: Part,
  work: number,
  { size, isAlone }: Traffic,
): Promise<void> {
  const isShort = work > 0 && work <= handedOverAbove(size);
  if (!isShort || !isAlone) return instance.run(batch, inputs, outputs);
  instance.runSync(batch, inputs, outputs);
  await nextTurn();
}
