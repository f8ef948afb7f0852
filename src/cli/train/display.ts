/** What is seen of a run while it goes on: a bar an epoch on a terminal, and a row an epoch anywhere. */
import progress from "cli-progress";
import { colours, columns, print, say } from "../terminal.js";
import { barRow, type BarState } from "./bar.js";
import type { EpochRow } from "./curves.js";
import { duration, figure, percent, shortest } from "../figures.js";

export class Display {
  private bar: progress.SingleBar | undefined;
  private state: BarState | undefined;

  /** @param quiet shows no progress: what is printed is for programs */
  constructor(private readonly quiet: boolean) {}

  /** Draws the bar anew, a few times a second at most. */
  update(state: BarState): void {
    this.state = state;
    if (this.quiet || process.stderr.isTTY !== true) return;
    this.bar ??= this.start();
    this.bar.update(state.done);
  }

  /** Says something above the bar, and to a person beside a program, too. */
  say(text: string): void {
    this.clear();
    say(text);
  }

  epoch(row: EpochRow, epochs: number, isBest: boolean): void {
    this.clear();
    if (!this.quiet) print(epochText(row, epochs, isBest));
  }

  /** Takes the bar away; the next update draws it again. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private start(): progress.SingleBar {
    const bar = new progress.SingleBar({
      stream: process.stderr,
      format: () => (this.state === undefined ? "" : barRow(this.state, columns() - 1, drawn)),
      ...{ clearOnComplete: true, hideCursor: true, gracefulExit: false, fps: 8 },
    });
    bar.start(1, this.state?.done ?? 0);
    return bar;
  }
}

const drawn = (share: number, cells: number): string =>
  colours.cyan(
    progress.Format.BarFormat(share, {
      ...{ barsize: cells, barGlue: "" },
      barCompleteString: "█".repeat(cells),
      barIncompleteString: "░".repeat(cells),
    }),
  );

/** `epoch 3/40  loss 1.834  val loss 1.512  top-1 45.2 %  lr 0.0498  12 s  best` */
export function epochText(row: EpochRow, epochs: number, isBest: boolean): string {
  const { epoch, loss, accuracy, validationLoss, top1, learningRate, seconds } = row;
  const judged = validationLoss !== undefined;
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${figure(loss)}`,
    ...(judged ? [`val loss ${figure(validationLoss)}`] : []),
    ...(top1 === undefined ? [] : [`top-1 ${percent(top1)}`]),
    ...(judged || accuracy === undefined ? [] : [`acc ${percent(accuracy)}`]),
    `lr ${shortest(learningRate)}`,
    duration(seconds),
    ...(isBest ? ["best"] : []),
  ].join("  ");
}
