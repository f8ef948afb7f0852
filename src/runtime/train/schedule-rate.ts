/** By what the learning rate of the next step is multiplied. */
import { rateFactor } from "../../autodiff/schedules.js";
import { describeValue } from "../wrong-call.js";
import type { Schedule } from "./types.js";

/** Where training stands before a step. */
export interface Standing {
  /** Steps that there were. */
  readonly steps: number;
  /** Epochs of `fit` that have ended. */
  readonly epoch: number;
  /** Batches of this epoch that there were. */
  readonly position: number;
  /** Of those that were no step, since no example of theirs could be read. */
  readonly empty?: number | undefined;
  /** Of the steps among them. */
  readonly lossSum: number;
  /** Of those, the shares of right answers, by output with classes. */
  readonly accuracySums?: Readonly<Record<string, number>> | undefined;
  /** Of the last step. */
  readonly learningRate?: number | undefined;
  /** Batches of an epoch; absent while nobody knows. */
  readonly stepsPerEpoch?: number | undefined;
  /** Of the best epoch, the higher the better. */
  readonly best?: number | undefined;
}

export const beginning: Standing = { steps: 0, epoch: 0, position: 0, lossSum: 0 };

/**
 * @param call as messages name it
 * @throws TypeError where a function gives no number of at least 0
 */
export function factorOf(call: string, schedule: Schedule, at: Standing): number {
  if (typeof schedule === "function") {
    const factor: unknown = schedule({ step: at.steps, epoch: at.epoch });
    if (typeof factor === "number" && factor >= 0 && factor < Infinity) return factor;
    throw new TypeError(
      `${call}: schedule gave ${describeValue(factor)} for step ${at.steps}, expected a number of at least 0.`,
    );
  }
  const { stepsPerEpoch } = at;
  // An epoch of unknown length is taken as two steps, of which this is the first: half of a warmup
  // epoch, and the start of any other.
  const place =
    stepsPerEpoch === undefined
      ? { step: at.epoch * 2, stepsPerEpoch: 2 }
      : { step: at.epoch * stepsPerEpoch + at.position, stepsPerEpoch };
  const epochs = schedule.kind === "cosine" ? schedule.epochs : 1;
  const written =
    schedule.kind === "cosine" ? { ...schedule, warmup: schedule.warmup ?? 0 } : schedule;
  return rateFactor(written, { ...place, epochs });
}
