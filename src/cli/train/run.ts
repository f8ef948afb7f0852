/** A run under way: epochs, what is told of them, and what lies in the folder after each. */
import type { InceptError } from "../../diagnostics/incept-error.js";
import type { Losses, Score } from "../../runtime/train/types.js";
import type { EpochResult, Evaluation, FitResult } from "../../runtime/train/types.js";
import type { Trainer } from "../../runtime/train/trainer.js";
import type { NetworkTypes } from "../../runtime/types.js";
import { bestOf, type EpochRow, writeCurves } from "./curves.js";
import type { RunData } from "./data.js";
import type { Display } from "./display.js";
import { Pace } from "./pace.js";
import type { RunFolder } from "./run-folder.js";

export interface RunPlan {
  readonly folder: RunFolder;
  readonly data: RunData;
  readonly batch: number;
  readonly epochs: number;
  readonly everySteps?: number | undefined;
  readonly augment: boolean;
  readonly skipBroken: boolean;
  /** Of the epochs before, where it is resumed. */
  readonly rows: readonly EpochRow[];
  /** Batches of the epoch under way that others have made. */
  readonly position: number;
}

type AnyTrainer = Trainer<NetworkTypes, Losses<NetworkTypes>>;
type AnyEpoch = EpochResult<NetworkTypes, Losses<NetworkTypes>>;

export class Run {
  readonly rows: EpochRow[];
  private readonly pace = new Pace();
  private readonly stepsPerEpoch: number;
  /** Batches of this epoch that there were. */
  private position: number;
  /** Of this epoch's steps, as far as they were made here. */
  private shares = { sum: 0, steps: 0 };
  private began = performance.now();
  private stepsEnded = 0;

  constructor(
    private readonly plan: RunPlan,
    private readonly trainer: AnyTrainer,
    private readonly display: Display,
    private readonly told: (row: EpochRow, rate: number | undefined) => void,
  ) {
    this.rows = [...plan.rows];
    this.position = plan.position;
    this.stepsPerEpoch = Math.max(1, Math.floor(plan.data.train.size / plan.batch));
  }

  /** @throws what `fit` throws; what was trained is in the last checkpoint */
  async fit(signal: AbortSignal): Promise<FitResult<NetworkTypes, Losses<NetworkTypes>>> {
    const { plan, trainer } = this;
    const { folder, data, epochs, everySteps, augment, skipBroken } = plan;
    const every = { epochs: 1, ...(everySteps === undefined ? {} : { steps: everySteps }) };
    this.pace.begin();
    try {
      return await trainer.fit(data.train, {
        ...{ epochs, signal, checkpoints: { directory: folder.path, every } },
        ...(data.validation === undefined ? {} : { validate: data.validation }),
        ...(augment ? {} : { augment: false }),
        ...(skipBroken
          ? { onBroken: (error: InceptError) => this.display.say(`skipped: ${error.message}`) }
          : {}),
        onStep: (step) => this.step(step),
        onEpoch: (epoch) => this.epoch(epoch),
      });
    } finally {
      this.display.clear();
    }
  }

  private step({
    epoch,
    loss,
    accuracy,
  }: {
    readonly epoch: number;
    readonly loss: number;
    readonly accuracy: object;
  }): void {
    const { plan, pace, shares, stepsPerEpoch } = this;
    pace.step(plan.batch);
    this.position++;
    const share = mean(Object.values(accuracy) as number[]);
    if (share !== undefined) {
      shares.sum += share;
      shares.steps++;
    }
    const left = Math.max(0, stepsPerEpoch - this.position);
    const later = (plan.epochs - epoch - 1) * stepsPerEpoch;
    const isJudged = plan.data.validation !== undefined;
    if (left === 0) this.stepsEnded = performance.now();
    this.display.update({
      ...{ epoch: epoch + 1, epochs: plan.epochs, loss },
      done: Math.min(1, this.position / stepsPerEpoch),
      accuracy: shares.steps === 0 ? undefined : shares.sum / shares.steps,
      rate: pace.rate,
      left: pace.left({
        pictures: left * plan.batch,
        later: later * plan.batch,
        validations: isJudged ? plan.epochs - epoch : 0,
      }),
      ...(left === 0 && isJudged ? { doing: "validating" } : {}),
    });
  }

  /** Before the checkpoint that says that the epoch has ended: none is without its row. */
  private epoch(result: AnyEpoch): void {
    const { plan, pace, trainer, rows } = this;
    const now = performance.now();
    if (result.validation !== undefined && this.stepsEnded > 0) {
      pace.validated((now - this.stepsEnded) / 1000);
    }
    const row = rowOf(result, trainer.steps, (now - this.began) / 1000);
    rows.push(row);
    writeCurves(plan.folder.file("csv"), rows);
    this.told(row, pace.rate);
    this.display.epoch(row, plan.epochs, rows.length > 1 && bestOf(rows) === row);
    this.position = 0;
    this.shares = { sum: 0, steps: 0 };
    this.began = performance.now();
    pace.begin();
  }
}

function rowOf(result: AnyEpoch, steps: number, seconds: number): EpochRow {
  const { epoch, train, accuracy, learningRate, validation } = result;
  const share = mean(
    Object.values<number | undefined>(accuracy).filter((each) => each !== undefined),
  );
  return {
    ...{ epoch: epoch + 1, steps, loss: train },
    ...(share === undefined ? {} : { accuracy: share }),
    ...(validation === undefined ? {} : judged(validation)),
    learningRate,
    seconds: Math.round(seconds * 1000) / 1000,
  };
}

function judged(
  validation: Evaluation<NetworkTypes, Losses<NetworkTypes>>,
): Pick<EpochRow, "validationLoss" | "top1" | "top5"> {
  const scores = Object.values<Score>(validation.outputs);
  const of = (share: (score: Score) => number | undefined): number | undefined =>
    mean(scores.flatMap((score) => share(score) ?? []));
  const [top1, top5] = [of((score) => score.top1), of((score) => score.top5)];
  return {
    validationLoss: validation.loss,
    ...(top1 === undefined ? {} : { top1 }),
    ...(top5 === undefined ? {} : { top5 }),
  };
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
