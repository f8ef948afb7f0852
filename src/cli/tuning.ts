/** What is seen of a tuning: a bar while it goes on, then which kernel won where. */
import progress from "cli-progress";
import type { MeasuredLayer } from "../build/tune/measure-layers.js";
import type { TuneEvent } from "../build/tune/measure.js";
import type { TuneResult } from "../build/tune/tune.js";
import { counted } from "../diagnostics/counted.js";
import { displayPath, shownPath } from "../files/display.js";
import { forcedOf } from "../kernels/forced.js";
import { fitted } from "./explain/fitted.js";
import { figure } from "./figures.js";
import { colours, say } from "./terminal.js";

/** A bar for each phase on a terminal, a line a phase elsewhere, nothing when quiet. */
export class TuneProgress {
  private bar: progress.SingleBar | undefined;
  private phase: TuneEvent["phase"] | undefined;

  constructor(private readonly quiet: boolean) {}

  readonly update = ({ phase, done, total }: TuneEvent): void => {
    if (this.quiet) return;
    const isNew = phase !== this.phase;
    this.phase = phase;
    const text = phase === "compile" ? "compiling" : "measuring";
    if (process.stderr.isTTY !== true) {
      if (isNew) say(`  ${text}`);
      return;
    }
    if (isNew) {
      this.end();
      this.bar = newBar(text);
      this.bar.start(total, done);
    } else this.bar?.update(done);
  };

  readonly end = (): void => {
    this.bar?.stop();
    this.bar = undefined;
  };
}

const newBar = (text: string): progress.SingleBar =>
  new progress.SingleBar({
    stream: process.stderr,
    format: `  ${text} ${colours.cyan("{bar}")} {value}/{total}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    ...{ barsize: 30, clearOnComplete: true, hideCursor: true, gracefulExit: false, fps: 8 },
  });

interface Row {
  readonly layer: string;
  readonly count: number;
  readonly estimated: string;
  readonly fastest: string;
  /** Of the one and the other, for one image by all threads. */
  readonly before: number;
  readonly after: number;
}

function rowOf({ key, count, chosen, microseconds }: MeasuredLayer): Row {
  const [fastest, after] = [...microseconds].reduce((a, b) => (b[1] < a[1] ? b : a));
  // A way with a conversion may have been chosen and not been tried.
  const before = microseconds.get(chosen) ?? after;
  return { layer: key, count, estimated: chosen, fastest, before, after };
}

/** The other way's tuning alone, where it is of the same kernel. */
function besides(way: string, other: string): string {
  const [one, { kernel, tuning }] = [forcedOf(way), forcedOf(other)];
  return one.kernel === kernel && tuning !== undefined ? tuning : other;
}

export const tunedJson = ({ file, threads, layers }: TuneResult): object => ({
  file,
  threads,
  layers: layers.map((layer) => ({
    ...rowOf(layer),
    microseconds: Object.fromEntries(layer.microseconds),
  })),
});

/** A row a layer, and what the network's layers took by the estimates' choice and take now. */
export function tunedText(model: string, { file, threads, layers }: TuneResult): string {
  if (layers.length === 0) return `✔ ${model}  no layer has more than one way to be computed`;
  const rows = layers.map(rowOf);
  const cells = rows.map(({ layer, count, estimated, fastest, before, after }) => [
    count === 1 ? layer : `${layer}, ${count} times`,
    estimated === fastest ? fastest : `${fastest}, not ${besides(fastest, estimated)}`,
    after.toFixed(1),
    estimated === fastest ? "" : before.toFixed(1),
  ]);
  const table = fitted([["layer", "fastest", "µs", "estimated"], ...cells], 0, [2, 3]);
  const sum = (of: "before" | "after"): string =>
    figure(rows.reduce((all, row) => all + row.count * row[of], 0) / 1000, 3);
  const changed = rows.filter(({ estimated, fastest }) => estimated !== fastest);
  const of = `${counted(changed.length, "kernel")} changed of ${counted(rows.length, "layer")}`;
  const times = `${sum("before")} to ${sum("after")} ms, ${counted(threads, "thread")}`;
  return `${table}\n\n✔ ${model}  ${of}: ${times}\n  ${shownPath(displayPath(file))}`;
}
